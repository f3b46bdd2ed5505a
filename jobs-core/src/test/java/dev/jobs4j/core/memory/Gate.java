package dev.jobs4j.core.memory;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where the two racers of a case meet, so that a store that reads first and writes later does so
 * around the other's call, every time. Whoever is no racer passes.
 */
final class Gate {

  private static final long PATIENCE_MILLIS = 150;

  private final CyclicBarrier barrier = new CyclicBarrier(2);

  /** Whether this thread is one of the two, and not the case itself. */
  static boolean isRacer() {
    return Thread.currentThread().getName().equals("tck-race");
  }

  /** Returns whether the other has come. */
  boolean meet() {
    if (!Gate.isRacer()) {
      return false;
    }
    try {
      barrier.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | BrokenBarrierException e) {
      barrier.reset();
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
