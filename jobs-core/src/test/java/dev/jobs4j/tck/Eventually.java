package dev.jobs4j.tck;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads or processes will do; gives up loudly, never passes by time. */
final class Eventually {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private Eventually() {}

  /** Returns once {@code condition} holds. */
  static void until(String what, BooleanSupplier condition) {
    until(what, PATIENCE, condition, () -> "");
  }

  /** Returns once {@code condition} holds; {@code found} tells what was there instead. */
  static void until(
      String what, Duration patience, BooleanSupplier condition, Supplier<String> found) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("Not within " + patience + ": " + what + " " + found.get());
      }
      pause(Duration.ofMillis(10));
    }
  }

  static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", e);
    }
  }
}
