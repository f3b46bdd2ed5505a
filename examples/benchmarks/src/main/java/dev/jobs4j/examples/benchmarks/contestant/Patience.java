package dev.jobs4j.examples.benchmarks.contestant;

import java.util.concurrent.locks.LockSupport;

/** Waits for a number to be reached, and gives up once it has stood still for two minutes. */
public final class Patience {

  private static final long STANDSTILL = 120_000_000_000L;

  private Patience() {}

  /** Something that is counted. */
  @FunctionalInterface
  public interface Count {
    /** The number now. */
    long now() throws Exception;
  }

  /**
   * Looks every {@code micros} microseconds, so that those who count need not wake anyone.
   *
   * @throws IllegalStateException if the number stands still
   */
  public static void await(String what, long goal, long micros, Count count) throws Exception {
    long last = count.now();
    long since = System.nanoTime();
    for (long now = last; now < goal; now = count.now()) {
      if (now != last) {
        last = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > STANDSTILL) {
        throw new IllegalStateException(what + " stand still at " + now + " on the way to " + goal);
      }
      LockSupport.parkNanos(micros * 1_000);
      if (Thread.interrupted()) {
        throw new InterruptedException(what + " were at " + now + " on the way to " + goal);
      }
    }
  }
}
