package dev.jobs4j.api.retry;

import java.time.Duration;

/** What a {@link RetryPolicy} says of a failed attempt. */
public sealed interface RetryDecision {

  /** Try again after {@code delay}, counted by the store's clock from the settlement. */
  record RetryAfter(Duration delay) implements RetryDecision {
    /** Null and negative delays are refused. */
    public RetryAfter {
      if (delay.isNegative()) {
        throw new IllegalArgumentException("delay must not be negative, was " + delay);
      }
    }
  }

  /** Give up: the attempts are used up, or the job is too old for another. */
  record Exhausted() implements RetryDecision {}

  /** Give up: this error is not worth another attempt. */
  record NotRetryable() implements RetryDecision {}
}
