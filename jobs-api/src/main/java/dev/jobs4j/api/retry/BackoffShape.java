package dev.jobs4j.api.retry;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One of the shapes that have a name, and so can be written down. */
record BackoffShape(Kind kind, Duration initial, Duration max) implements Backoff {

  BackoffShape {
    requireInRange(kind == Kind.CONSTANT ? "delay" : "initial", initial);
    requireInRange("max", max);
    if (max.compareTo(initial) < 0) {
      throw new IllegalArgumentException("max " + max + " must be >= initial " + initial);
    }
  }

  private static void requireInRange(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, was " + value);
    }
    if (value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " must be at most " + LONGEST + ", was " + value);
    }
  }

  static BackoffShape parse(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length != 3) {
      throw unreadable(text, null);
    }
    try {
      return new BackoffShape(
          Kind.valueOf(parts[0]), Duration.parse(parts[1]), Duration.parse(parts[2]));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw unreadable(text, e);
    }
  }

  private static IllegalArgumentException unreadable(String text, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "backoff must be written like \"EXPONENTIAL PT5S PT10M\", was \"" + text + "\"", cause);
  }

  @Override
  public Duration delayAfter(int attempt) {
    return switch (kind) {
      case CONSTANT -> initial;
      case LINEAR -> capped(attempt);
      case EXPONENTIAL -> capped(1L << Math.min(Math.max(attempt - 1, 0), 62));
    };
  }

  private Duration capped(long factor) {
    if (initial.isZero() || factor <= 0) {
      return Duration.ZERO;
    }
    return factor > max.dividedBy(initial) ? max : initial.multipliedBy(factor);
  }

  @Override
  public Optional<String> text() {
    return Optional.of(kind + " " + initial + " " + max);
  }
}
