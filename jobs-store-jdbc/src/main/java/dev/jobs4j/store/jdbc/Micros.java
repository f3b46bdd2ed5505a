package dev.jobs4j.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * Times as databases keep them: in microseconds, in UTC, within the years 1 to 9999, which is what
 * all of them know. What lies beyond is read as the edge.
 */
final class Micros {

  static final OffsetDateTime FIRST = OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
  static final OffsetDateTime LAST =
      OffsetDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000, ZoneOffset.UTC);

  private static final long MOST = ChronoUnit.MICROS.between(FIRST, LAST);

  private Micros() {}

  static long of(Duration duration) {
    return duration.compareTo(Duration.of(MOST, ChronoUnit.MICROS)) > 0
        ? MOST
        : duration.getSeconds() * 1_000_000L + duration.getNano() / 1_000;
  }

  static OffsetDateTime of(Instant instant) {
    if (instant.isBefore(FIRST.toInstant())) {
      return FIRST;
    }
    return instant.isAfter(LAST.toInstant())
        ? LAST
        : instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }
}
