package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.examples.benchmarks.contestant.Contestant.Engine;
import dev.jobs4j.examples.benchmarks.contestant.Library;
import dev.jobs4j.examples.benchmarks.contestant.Patience;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine of the library whose jobs run and do not end: their handlers wait in a queue without a
 * thread, as asynchronous ones would, and are called when it is closed.
 */
final class Holding implements AutoCloseable {

  private final Queue<Runnable> parked = new ConcurrentLinkedQueue<>();
  private final AtomicInteger started = new AtomicInteger();
  private final Engine engine;
  private final int jobs;

  private Holding(Library library, int jobs) {
    this.jobs = jobs;
    engine =
        library.start(
            jobs,
            () -> {},
            builder ->
                builder.workerExecutor(
                    task -> {
                      parked.add(task);
                      started.incrementAndGet();
                    }));
  }

  /** Enqueues so many jobs and returns when all of them run. */
  static Holding of(Library library, int jobs) throws Exception {
    library.enqueue(jobs, Duration.ZERO);
    Holding holding = new Holding(library, jobs);
    try {
      Patience.await("starts", jobs, 1_000, holding.started::get);
    } catch (Exception e) {
      holding.close();
      throw e;
    }
    return holding;
  }

  @Override
  public void close() throws Exception {
    try {
      Runnable task = parked.poll();
      while (task != null) {
        task.run();
        task = parked.poll();
      }
      engine.awaitSettled(Math.min(jobs, started.get()));
    } finally {
      engine.close();
    }
  }
}
