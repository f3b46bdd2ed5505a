package dev.jobs4j.store.jdbc;

import java.util.concurrent.Callable;

/** Waits for a condition that others bring about. */
final class Soon {

  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private Soon() {}

  static void until(String what, Callable<Boolean> condition) throws Exception {
    long since = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - since > PATIENCE_NANOS) {
        throw new AssertionError("Not within 30 s: " + what);
      }
      Thread.sleep(5);
    }
  }
}
