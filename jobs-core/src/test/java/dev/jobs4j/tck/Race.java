package dev.jobs4j.tck;

import dev.jobs4j.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Runs calls at the same time. A call that a store could not do at all (a deadlock, a lock timeout)
 * is repeated, as an engine would.
 */
final class Race {

  private static final int REPEATS = 20;

  private Race() {}

  /** Starts a call on a thread of its own. */
  static <T> Future<T> start(Callable<T> call) {
    return spawn(() -> repeated(call));
  }

  private static <T> Future<T> startAt(CyclicBarrier line, Callable<T> call) {
    return spawn(
        () -> {
          line.await(1, TimeUnit.MINUTES);
          return repeated(call);
        });
  }

  private static <T> Future<T> spawn(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "tck-race");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** Starts all calls at once; their answers in order. */
  static <T> List<T> all(List<Callable<T>> calls) throws Exception {
    CyclicBarrier line = new CyclicBarrier(calls.size());
    List<Future<T>> running = new ArrayList<>();
    for (Callable<T> call : calls) {
      running.add(startAt(line, call));
    }
    List<T> answers = new ArrayList<>();
    for (Future<T> future : running) {
      answers.add(future.get());
    }
    return answers;
  }

  /** Starts both at once. */
  static <A, B> Both<A, B> both(Callable<A> first, Callable<B> second) throws Exception {
    CyclicBarrier line = new CyclicBarrier(2);
    Future<A> a = startAt(line, first);
    Future<B> b = startAt(line, second);
    return new Both<>(a.get(), b.get());
  }

  /** The answers of two. */
  record Both<A, B>(A first, B second) {}

  private static <T> T repeated(Callable<T> call) throws Exception {
    for (int i = 1; ; i++) {
      try {
        return call.call();
      } catch (StoreException e) {
        if (e.outcome() != StoreException.Certainty.NOT_DONE || i == REPEATS) {
          throw e;
        }
      }
    }
  }
}
