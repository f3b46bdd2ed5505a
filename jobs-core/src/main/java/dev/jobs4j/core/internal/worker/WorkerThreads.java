package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.config.WorkerOptions;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run the handlers of one queue. Slots bound how many there are; an idle thread
 * ends after ten seconds, so an idle engine has none.
 */
final class WorkerThreads implements Executor {

  /** Makes the threads of a queue. */
  @FunctionalInterface
  interface Maker {
    WorkerThreads of(JobQueue queue, WorkerOptions options);
  }

  private final Executor executor;
  private final boolean own;

  private WorkerThreads(Executor executor, boolean own) {
    this.executor = executor;
    this.own = own;
  }

  /** Runs handlers on an executor that belongs to someone else. */
  static WorkerThreads over(Executor executor) {
    return new WorkerThreads(executor, false);
  }

  /**
   * Threads called {@code jobs-worker-<queue>-<n>}.
   *
   * @throws InvalidJobException if virtual threads are asked for and this Java has none
   */
  static WorkerThreads of(JobQueue queue, WorkerOptions options, ThreadFactory threads) {
    return new WorkerThreads(
        options.virtualThreads() ? virtual() : platform("jobs-worker-" + queue + "-", threads),
        true);
  }

  private static ExecutorService platform(String prefix, ThreadFactory threads) {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE, // bounded by Slots, which also knows of leaked threads
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = threads.newThread(task);
          thread.setName(prefix + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** By reflection, since this is compiled for Java 17. */
  private static ExecutorService virtual() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new InvalidJobException(
          "virtualThreads needs Java 21 or later, this is " + Runtime.version(), e);
    }
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  /** Whether nobody else's tasks wait for these threads. */
  boolean isOwn() {
    return own;
  }

  /** Takes no more tasks; what runs is left to end. */
  void shutdown() {
    if (executor instanceof ExecutorService service && own) {
      service.shutdown();
    }
  }
}
