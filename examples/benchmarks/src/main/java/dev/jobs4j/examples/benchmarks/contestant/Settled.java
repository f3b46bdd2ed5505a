package dev.jobs4j.examples.benchmarks.contestant;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How many jobs have ended, for those who wait for a number of them. */
final class Settled {

  private static final long LOOK_AGAIN = 200_000;

  private final AtomicLong count = new AtomicLong();

  void add(int jobs) {
    count.addAndGet(jobs);
  }

  /** Looks five times a millisecond, so that those who count need not wake anyone. */
  void await(long jobs) throws InterruptedException {
    while (count.get() < jobs) {
      LockSupport.parkNanos(LOOK_AGAIN);
      if (Thread.interrupted()) {
        throw new InterruptedException("while waiting for " + jobs + " jobs to end");
      }
    }
  }
}
