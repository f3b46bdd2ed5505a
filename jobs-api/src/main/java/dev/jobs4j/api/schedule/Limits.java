package dev.jobs4j.api.schedule;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The span of time in which schedules fire, and how short and long an interval may be. */
final class Limits {

  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private Limits() {}

  /** Whether nothing can fire after {@code instant}. */
  static boolean isOver(Instant instant) {
    return !instant.isBefore(END);
  }

  /** {@code firing}, or empty if it lies after the last year. */
  static Optional<Instant> within(Instant firing) {
    return isOver(firing) ? Optional.empty() : Optional.of(firing);
  }

  /** Refuses what is too short or too long, or finer than a store keeps. */
  static void checkInterval(String name, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new InvalidJobException(
          name + " must be " + SHORTEST + " to " + LONGEST + ", was " + value);
    }
    if (!value.equals(value.truncatedTo(ChronoUnit.MILLIS))) {
      throw new InvalidJobException(name + " must be in whole milliseconds, was " + value);
    }
  }

  /** The first start, to the millisecond. */
  static Instant first(Instant value) {
    if (value.isBefore(Instant.EPOCH) || isOver(value)) {
      throw new InvalidJobException(
          "the first start must be in the years 1970 to 9999, was " + value);
    }
    return value.truncatedTo(ChronoUnit.MILLIS);
  }
}
