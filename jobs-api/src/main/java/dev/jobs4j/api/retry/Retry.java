package dev.jobs4j.api.retry;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The {@link RetryPolicy} of a {@code @JobHandler} method. Durations are written {@code 500ms},
 * {@code 30s}, {@code 10m}, {@code 2h}, {@code 1d} or as ISO-8601 ({@code PT30S}).
 */
@Documented
@Target({})
@Retention(RetentionPolicy.RUNTIME)
public @interface Retry {

  /** Attempts before the job becomes a dead letter, ≥ 1. */
  int attempts() default 10;

  /** The shape of the delay. */
  Backoff.Kind backoff() default Backoff.Kind.EXPONENTIAL;

  /** The delay after the first attempt. */
  String initial() default "5s";

  /** The longest delay; not used by {@link Backoff.Kind#CONSTANT}. */
  String max() default "10m";

  /** The share of the delay that is random, 0 to 1. */
  double jitter() default 0.2;

  /**
   * The age, since it was stored, at which a job gets no further attempt; empty means any. See
   * {@link RetryPolicy#withMaxAge}.
   */
  String maxAge() default "";

  /**
   * Errors, with their subclasses, that make a dead letter at once; also as a cause, see {@link
   * RetryableErrors}.
   */
  Class<? extends Throwable>[] abortOn() default {};

  /**
   * Errors, with their subclasses, that are tried again; empty means all. Also as a cause, see
   * {@link RetryableErrors}.
   */
  Class<? extends Throwable>[] retryOn() default {};
}
