package dev.jobs4j.spring;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Knows whether the current thread is past the commit of its transaction. There Spring still calls
 * it in one ({@code afterCommit}, {@code @TransactionalEventListener}), but nobody commits what is
 * written: with a pool that does not auto-commit it would be lost without a word.
 */
final class CommitWatch implements BeanPostProcessor {

  /** From the outermost to the innermost transaction of a thread: whether it is past its commit. */
  private static final ThreadLocal<@Nullable Deque<Boolean>> transactions = new ThreadLocal<>();

  private final TransactionExecutionListener listener = new Listener();

  boolean isPastCommit() {
    Deque<Boolean> begun = transactions.get();
    return begun != null && Boolean.TRUE.equals(begun.peek());
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof ConfigurableTransactionManager manager) {
      manager.addListener(listener);
    }
    return bean;
  }

  /** Not a bean, which Boot would add a second time. */
  private static final class Listener implements TransactionExecutionListener {

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
      if (failure == null) {
        Deque<Boolean> begun = transactions.get();
        if (begun == null) {
          begun = new ArrayDeque<>();
          transactions.set(begun);
        }
        begun.push(false);
      }
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
      pass();
    }

    @Override
    public void beforeRollback(TransactionExecution transaction) {
      pass();
    }

    private void pass() {
      Deque<Boolean> begun = transactions.get();
      if (begun != null && begun.poll() != null) {
        begun.push(true);
      }
    }

    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
      end();
    }

    @Override
    public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
      end();
    }

    private void end() {
      Deque<Boolean> begun = transactions.get();
      if (begun != null) {
        begun.poll();
        if (begun.isEmpty()) {
          transactions.remove();
        }
      }
    }
  }
}
