package dev.jobs4j.api.retry;

import java.time.Duration;
import java.util.Optional;

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

  /**
   * How it is written where it travels with a job, such as {@code EXPONENTIAL PT5S PT10M}; empty
   * for one that only code can tell.
   */
  default Optional<String> text() {
    return Optional.empty();
  }

  /**
   * Reads what {@link #text} has written.
   *
   * @throws IllegalArgumentException if it is not such a text
   */
  static Backoff parse(String text) {
    return BackoffShape.parse(text);
  }

  /** Waits {@code delay} each time. */
  static Backoff constant(Duration delay) {
    return new BackoffShape(Kind.CONSTANT, delay, delay);
  }

  /** Waits {@code initial × attempt}, at most {@code max}. */
  static Backoff linear(Duration initial, Duration max) {
    return new BackoffShape(Kind.LINEAR, initial, max);
  }

  /** Waits {@code initial × 2^(attempt − 1)}, at most {@code max}. */
  static Backoff exponential(Duration initial, Duration max) {
    return new BackoffShape(Kind.EXPONENTIAL, initial, max);
  }

  /** The backoff that {@code kind} names; {@code max} does not bound {@link Kind#CONSTANT}. */
  static Backoff of(Kind kind, Duration initial, Duration max) {
    return kind == Kind.CONSTANT ? constant(initial) : new BackoffShape(kind, initial, max);
  }
}
