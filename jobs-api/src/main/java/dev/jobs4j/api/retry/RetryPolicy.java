package dev.jobs4j.api.retry;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * Decides whether a failed attempt is tried again, and when. Immutable, thread-safe and pure: the
 * same attempt, error and random number give the same decision.
 *
 * <p>Crashes and lost leases are not failed attempts and never reach a policy.
 *
 * @param maxAttempts attempts before the job becomes a dead letter, ≥ 1
 * @param backoff the delay by attempt
 * @param jitter the share of the delay that is random, 0 to 1: with 0.2 a delay of 10 s becomes 8 s
 *     to 12 s
 * @param abortOn error classes, with their subclasses, that are never tried again
 * @param retryOn error classes, with their subclasses, that are tried again; empty means all
 */
public record RetryPolicy(
    int maxAttempts,
    Backoff backoff,
    double jitter,
    Set<Class<? extends Throwable>> abortOn,
    Set<Class<? extends Throwable>> retryOn) {

  /** Checks the ranges; an error names the component. */
  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be >= 1, was " + maxAttempts);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be between 0 and 1, was " + jitter);
    }
    Objects.requireNonNull(backoff, "backoff");
    abortOn = Set.copyOf(abortOn);
    retryOn = Set.copyOf(retryOn);
  }

  /** Ten attempts, exponential from 5 s to 10 min, a fifth of it random: about 50 min in all. */
  public static RetryPolicy defaults() {
    return of(10, Backoff.exponential(Duration.ofSeconds(5), Duration.ofMinutes(10)));
  }

  /** One attempt: the first failure is final. */
  public static RetryPolicy never() {
    return of(1, Backoff.constant(Duration.ZERO));
  }

  /** {@code maxAttempts} attempts for any error, a fifth of the delay random. */
  public static RetryPolicy of(int maxAttempts, Backoff backoff) {
    return new RetryPolicy(maxAttempts, backoff, 0.2, Set.of(), Set.of());
  }

  /** The same policy with another number of attempts. */
  public RetryPolicy withMaxAttempts(int value) {
    return new RetryPolicy(value, backoff, jitter, abortOn, retryOn);
  }

  /** The same policy with another random share. */
  public RetryPolicy withJitter(double value) {
    return new RetryPolicy(maxAttempts, backoff, value, abortOn, retryOn);
  }

  /** The same policy, giving up at once on these errors. */
  public RetryPolicy withAbortOn(Set<Class<? extends Throwable>> errors) {
    return new RetryPolicy(maxAttempts, backoff, jitter, errors, retryOn);
  }

  /** The same policy, trying again on these errors alone. */
  public RetryPolicy withRetryOn(Set<Class<? extends Throwable>> errors) {
    return new RetryPolicy(maxAttempts, backoff, jitter, abortOn, errors);
  }

  /**
   * Decides about a failed attempt.
   *
   * @param attempt the attempt that failed, from 1
   * @param error what the handler threw
   * @param random a number in [0, 1) that places the delay within its jitter
   */
  public RetryDecision decide(int attempt, Throwable error, double random) {
    if (matches(abortOn, error) || (!retryOn.isEmpty() && !matches(retryOn, error))) {
      return new RetryDecision.NotRetryable();
    }
    if (attempt >= maxAttempts) {
      return new RetryDecision.Exhausted();
    }
    Duration delay = backoff.delayAfter(attempt);
    double factor = 1 + jitter * (2 * random - 1);
    return new RetryDecision.RetryAfter(
        jitter == 0 ? delay : Duration.ofMillis(Math.round(delay.toMillis() * factor)));
  }

  private static boolean matches(Set<Class<? extends Throwable>> classes, Throwable error) {
    return classes.stream().anyMatch(type -> type.isInstance(error));
  }
}
