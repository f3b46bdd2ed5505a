package dev.jobs4j.core.config;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A clock that only measures: it never jumps and has no date. */
@FunctionalInterface
public interface Ticker {
  /** Nanoseconds since an arbitrary moment, as {@link System#nanoTime()}. */
  long nanos();

  /** Has the calling thread wait for so long by this clock. */
  default void sleep(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(TimeUnit.NANOSECONDS.convert(time));
  }
}
