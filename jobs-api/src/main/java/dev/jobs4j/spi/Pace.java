package dev.jobs4j.spi;

import dev.jobs4j.api.JobLimit.Rate;

/**
 * When the next job of a key may start, from one number a key: the time at which the starts so far
 * would have happened at a steady pace. This is the generic cell rate algorithm (ITU-T I.371, annex
 * A, virtual scheduling). All times are microseconds of the store's clock.
 */
public final class Pace {

  private final long interval;
  private final long tolerance;

  private Pace(long interval, long tolerance) {
    this.interval = interval;
    this.tolerance = tolerance;
  }

  /** The pace of a rate; a start takes up whole microseconds, rounded up. */
  public static Pace of(Rate rate) {
    long interval = (rate.per().toNanos() / 1_000 + rate.starts() - 1) / rate.starts();
    return new Pace(interval, Math.multiplyExact(interval, rate.burst() - 1L));
  }

  /** From when on the next job may start, if {@code mark} is the number of the key. */
  public long opensAt(long mark) {
    return mark - tolerance;
  }

  /** The number of the key after a start. */
  public long next(long mark, long now) {
    return Math.max(mark, now) + interval;
  }
}
