package dev.jobs4j.examples.atworker;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for conditions. */
final class Wait {

  private Wait() {}

  /** Until it holds; {@code what} is told if it does not in time. */
  static void until(Callable<Boolean> condition, Duration patience, Supplier<String> what) {
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("not within " + patience + ": " + what.get());
        }
        Thread.sleep(20);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
