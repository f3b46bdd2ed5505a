package dev.jobs4j.core.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Times as microseconds since 1970, the precision of the contract. Whatever lies beyond the years 1
 * to 9999 is read as their edge, so that no delay overflows.
 */
final class Micros {

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");
  private static final long MAX = of(LAST);
  private static final Duration LONGEST = Duration.between(FIRST, LAST);

  /** Later than every time. */
  static final long NEVER = Long.MAX_VALUE;

  private Micros() {}

  static long of(Instant instant) {
    Instant kept = instant.isBefore(FIRST) ? FIRST : instant.isAfter(LAST) ? LAST : instant;
    return Math.addExact(
        Math.multiplyExact(kept.getEpochSecond(), 1_000_000L), kept.getNano() / 1_000);
  }

  static long plus(long micros, Duration delay) {
    return Math.min(MAX, micros + of(delay));
  }

  /** A delay, to the microsecond, at most as long as the calendar. */
  static long of(Duration delay) {
    Duration kept = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    return kept.getSeconds() * 1_000_000L + kept.getNano() / 1_000;
  }

  /** How long from one time to another; zero if the clock stepped back between them. */
  static Duration between(long from, long to) {
    return Duration.of(Math.max(0, to - from), ChronoUnit.MICROS);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
