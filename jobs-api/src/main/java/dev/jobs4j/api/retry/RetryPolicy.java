package dev.jobs4j.api.retry;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a failed attempt is tried again, and when. Immutable, thread-safe and pure: the
 * same attempt, age, error and random number give the same decision.
 *
 * <p>Crashes and lost leases are not failed attempts and never reach a policy.
 *
 * @param maxAttempts attempts before the job becomes a dead letter, ≥ 1
 * @param backoff the delay by attempt
 * @param jitter the share of the delay that is random, 0 to 1: with 0.2 a delay of 10 s becomes 8 s
 *     to 12 s
 * @param errors which errors are tried again
 * @param ageLimit the age at which a job gets no further attempt, or null
 */
public record RetryPolicy(
    int maxAttempts,
    Backoff backoff,
    double jitter,
    RetryableErrors errors,
    @Nullable Duration ageLimit) {

  /** Checks the ranges; an error names the component. */
  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be >= 1, was " + maxAttempts);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be between 0 and 1, was " + jitter);
    }
    Objects.requireNonNull(backoff, "backoff");
    Objects.requireNonNull(errors, "errors");
    if (ageLimit != null && (ageLimit.isNegative() || ageLimit.isZero())) {
      throw new IllegalArgumentException("maxAge must be more than 0, was " + ageLimit);
    }
  }

  /** Ten attempts, exponential from 5 s to 10 min, a fifth of it random: about 50 min in all. */
  public static RetryPolicy defaults() {
    return of(10, Backoff.exponential(Duration.ofSeconds(5), Duration.ofMinutes(10)));
  }

  /** One attempt: the first failure is final. */
  public static RetryPolicy never() {
    return of(1, Backoff.constant(Duration.ZERO));
  }

  /** {@code maxAttempts} attempts for any error at any age, a fifth of the delay random. */
  public static RetryPolicy of(int maxAttempts, Backoff backoff) {
    return new RetryPolicy(maxAttempts, backoff, 0.2, RetryableErrors.all(), null);
  }

  /** The same policy with another number of attempts. */
  public RetryPolicy withMaxAttempts(int value) {
    return new RetryPolicy(value, backoff, jitter, errors, ageLimit);
  }

  /** The same policy with other delays. */
  public RetryPolicy withBackoff(Backoff value) {
    return new RetryPolicy(maxAttempts, value, jitter, errors, ageLimit);
  }

  /** The same policy with another random share. */
  public RetryPolicy withJitter(double value) {
    return new RetryPolicy(maxAttempts, backoff, value, errors, ageLimit);
  }

  /**
   * The same policy, with no further attempt for a job that would begin it more than {@code value}
   * after it was stored: it is given up at the failure before. An attempt that begins late because
   * its queue is long is not stopped by this. Where a backend cannot tell how old a job is, its age
   * counts from the delivery.
   */
  public RetryPolicy withMaxAge(Duration value) {
    return new RetryPolicy(maxAttempts, backoff, jitter, errors, value);
  }

  /** The same policy, giving up at once on these errors; see {@link RetryableErrors}. */
  public RetryPolicy withAbortOn(Set<Class<? extends Throwable>> classes) {
    return with(new RetryableErrors(classes, errors.retryOn(), errors.abort(), errors.retry()));
  }

  /** The same policy, trying again on these errors; see {@link RetryableErrors}. */
  public RetryPolicy withRetryOn(Set<Class<? extends Throwable>> classes) {
    return with(new RetryableErrors(errors.abortOn(), classes, errors.abort(), errors.retry()));
  }

  /**
   * The same policy, giving up at once on what {@code test} says yes to; see {@link
   * RetryableErrors}. It must be pure and thread-safe; if it throws, the job becomes a dead letter.
   */
  public RetryPolicy withAbortIf(Predicate<? super Throwable> test) {
    return with(new RetryableErrors(errors.abortOn(), errors.retryOn(), test, errors.retry()));
  }

  /**
   * The same policy, trying again on what {@code test} says yes to; see {@link RetryableErrors}. It
   * must be pure and thread-safe; if it throws, the job becomes a dead letter.
   */
  public RetryPolicy withRetryIf(Predicate<? super Throwable> test) {
    return with(new RetryableErrors(errors.abortOn(), errors.retryOn(), errors.abort(), test));
  }

  private RetryPolicy with(RetryableErrors value) {
    return new RetryPolicy(maxAttempts, backoff, jitter, value, ageLimit);
  }

  /** The age at which a job gets no further attempt; empty means any. */
  public Optional<Duration> maxAge() {
    return Optional.ofNullable(ageLimit);
  }

  /**
   * Decides about a failed attempt. The delay is at most 100 years.
   *
   * @param attempt the attempt that failed, from 1
   * @param age how long ago the job was stored
   * @param error what the handler threw
   * @param random a number in [0, 1) that places the delay within its jitter
   * @throws IllegalStateException if the backoff answers null or a negative delay
   */
  public RetryDecision decide(int attempt, Duration age, Throwable error, double random) {
    if (!errors.include(error)) {
      return new RetryDecision.NotRetryable();
    }
    if (attempt >= maxAttempts) {
      return new RetryDecision.Exhausted();
    }
    return decide(attempt, age, jittered(delayAfter(attempt), random));
  }

  /**
   * Decides about a failed attempt whose handler has said itself how long to wait: attempts and age
   * hold as ever, backoff and jitter are not asked. The delay is at most 100 years.
   *
   * @param attempt the attempt that failed, from 1
   * @param age how long ago the job was stored
   * @param delay how long to wait, zero or more
   */
  public RetryDecision decide(int attempt, Duration age, Duration delay) {
    Duration kept = capped(delay);
    boolean tooOld = ageLimit != null && age.plus(kept).compareTo(ageLimit) > 0;
    return tooOld || attempt >= maxAttempts
        ? new RetryDecision.Exhausted()
        : new RetryDecision.RetryAfter(kept);
  }

  private Duration delayAfter(int attempt) {
    Duration delay = backoff.delayAfter(attempt);
    if (delay == null || delay.isNegative()) {
      throw new IllegalStateException(
          "backoff must answer zero or more, answered " + delay + " after attempt " + attempt);
    }
    return capped(delay);
  }

  private Duration jittered(Duration delay, double random) {
    if (jitter == 0) {
      return delay;
    }
    double factor = 1 + jitter * (2 * random - 1);
    return Duration.ofNanos(Math.round(delay.toNanos() * factor)).truncatedTo(ChronoUnit.MICROS);
  }

  private static Duration capped(Duration delay) {
    return delay.compareTo(Backoff.LONGEST) > 0 ? Backoff.LONGEST : delay;
  }
}
