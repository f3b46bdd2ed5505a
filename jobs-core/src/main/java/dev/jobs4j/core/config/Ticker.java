package dev.jobs4j.core.config;

/** A clock that only measures: it never jumps and has no date. */
@FunctionalInterface
public interface Ticker {
  /** Nanoseconds since an arbitrary moment, as {@link System#nanoTime()}. */
  long nanos();
}
