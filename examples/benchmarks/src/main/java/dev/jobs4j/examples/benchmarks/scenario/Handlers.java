package dev.jobs4j.examples.benchmarks.scenario;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** What every job calls: counts, notes the first call, and does what it is told. */
final class Handlers implements Runnable {

  private static final long LOOK_AGAIN = 200_000;

  private final Runnable body;
  private final LongAdder runs = new LongAdder();
  private final AtomicLong first = new AtomicLong();

  Handlers(Runnable body) {
    this.body = body;
  }

  @Override
  public void run() {
    if (first.get() == 0) {
      first.compareAndSet(0, System.nanoTime());
    }
    body.run();
    runs.increment();
  }

  /** When the first of them was called. */
  long firstNanos() {
    return first.get();
  }

  long runs() {
    return runs.sum();
  }

  void await(long jobs) throws InterruptedException {
    while (runs.sum() < jobs) {
      LockSupport.parkNanos(LOOK_AGAIN);
      if (Thread.interrupted()) {
        throw new InterruptedException("after " + runs.sum() + " of " + jobs + " jobs");
      }
    }
  }
}
