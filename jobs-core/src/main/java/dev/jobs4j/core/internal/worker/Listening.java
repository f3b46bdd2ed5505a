package dev.jobs4j.core.internal.worker;

import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.WakeUps;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beside the way: hears from other processes that jobs may be due, and wakes the line. Without word
 * nothing is lost but time, so an engine that hears nothing is not unwell: it says so, polls, and
 * tries again after a rest that grows and differs from engine to engine.
 */
final class Listening {

  private static final Logger log = LoggerFactory.getLogger(Listening.class);
  private static final Duration FIRST_REST = Duration.ofMillis(100);

  private final WakeUps wakeUps;
  private final Runnable wake;
  private final DoubleSupplier random;
  private final Duration longestRest;
  private int failures; // the listener's thread alone

  Listening(WakeUps wakeUps, Runnable wake, DoubleSupplier random, Duration longestRest) {
    this.wakeUps = wakeUps;
    this.wake = wake;
    this.random = random;
    this.longestRest = longestRest;
  }

  /** One step of the listener's loop. */
  Duration step(Duration patience) throws InterruptedException {
    try {
      boolean heard = wakeUps.await(patience);
      if (failures > 0) {
        log.info("Hears from other processes again, after {} tries", failures);
        failures = 0;
      }
      if (heard) {
        wake.run();
      }
      return Duration.ZERO;
    } catch (StoreException e) {
      return rest(e);
    }
  }

  /** Between half of it and the whole, so that engines do not come back all at once. */
  private Duration rest(StoreException error) {
    Duration most = FIRST_REST.multipliedBy(1L << Math.min(failures, 20));
    most = most.compareTo(longestRest) > 0 ? longestRest : most;
    Duration rest = Duration.ofNanos((long) (most.toNanos() * (0.5 + random.getAsDouble() / 2)));
    failures++;
    if ((failures & (failures - 1)) == 0) { // each time the count doubles: no log flood
      log.warn(
          "Hears nothing from other processes and polls until it does, next try in {}: tries={}"
              + " reason={}",
          rest,
          failures,
          error.getMessage());
      log.debug("Cannot listen", error);
    }
    return rest;
  }
}
