package dev.jobs4j.api.retry;

import java.time.Duration;

/** How long to wait before the next attempt. Pure and thread-safe; a custom one is a lambda. */
@FunctionalInterface
public interface Backoff {

  /** The longest delay that makes sense: 100 years. Longer ones would overflow in nanoseconds. */
  Duration LONGEST = Duration.ofDays(36_500);

  /** The shapes that {@link Retry} can name. */
  enum Kind {
    /** The same delay each time. */
    CONSTANT,
    /** {@code initial × attempt}. */
    LINEAR,
    /** {@code initial × 2^(attempt − 1)}. */
    EXPONENTIAL
  }

  /**
   * The delay after the failed attempt numbered {@code attempt}.
   *
   * @param attempt the attempt that failed, from 1
   * @return zero or more, never null
   */
  Duration delayAfter(int attempt);

  /** Waits {@code delay} each time. */
  static Backoff constant(Duration delay) {
    requireInRange("delay", delay);
    return attempt -> delay;
  }

  /** Waits {@code initial × attempt}, at most {@code max}. */
  static Backoff linear(Duration initial, Duration max) {
    requireOrdered(initial, max);
    return attempt -> capped(initial, attempt, max);
  }

  /** Waits {@code initial × 2^(attempt − 1)}, at most {@code max}. */
  static Backoff exponential(Duration initial, Duration max) {
    requireOrdered(initial, max);
    return attempt -> capped(initial, 1L << Math.min(Math.max(attempt - 1, 0), 62), max);
  }

  /** The backoff that {@code kind} names; {@code max} does not bound {@link Kind#CONSTANT}. */
  static Backoff of(Kind kind, Duration initial, Duration max) {
    return switch (kind) {
      case CONSTANT -> constant(initial);
      case LINEAR -> linear(initial, max);
      case EXPONENTIAL -> exponential(initial, max);
    };
  }

  private static Duration capped(Duration initial, long factor, Duration max) {
    if (initial.isZero() || factor <= 0) {
      return Duration.ZERO;
    }
    return factor > max.dividedBy(initial) ? max : initial.multipliedBy(factor);
  }

  private static void requireOrdered(Duration initial, Duration max) {
    requireInRange("initial", initial);
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
}
