package dev.jobs4j.store.mongo;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Times as microseconds since 1970: a BSON date has only milliseconds. Whatever lies beyond the
 * years 1 to 9999 is read as their edge, so that nothing overflows.
 */
final class Micros {

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");
  private static final Duration LONGEST = Duration.between(FIRST, LAST);

  private Micros() {}

  static long of(Instant instant) {
    Instant kept = instant.isBefore(FIRST) ? FIRST : instant.isAfter(LAST) ? LAST : instant;
    return kept.getEpochSecond() * 1_000_000L + kept.getNano() / 1_000;
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static long plus(long micros, Duration duration) {
    return Math.min(of(LAST), micros + length(duration));
  }

  static long minus(long micros, Duration duration) {
    return Math.max(of(FIRST), micros - length(duration));
  }

  private static long length(Duration duration) {
    Duration kept = duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    return kept.getSeconds() * 1_000_000L + kept.getNano() / 1_000;
  }
}
