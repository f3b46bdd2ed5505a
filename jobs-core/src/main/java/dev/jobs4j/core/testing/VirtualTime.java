package dev.jobs4j.core.testing;

import dev.jobs4j.core.config.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock and a ticker that stand still unless they are moved. */
final class VirtualTime implements InstantSource, Ticker {

  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private volatile long nanos;

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  /** Moves both. */
  synchronized void pass(Duration by) {
    now = now.plus(by);
    nanos += by.toNanos();
  }
}
