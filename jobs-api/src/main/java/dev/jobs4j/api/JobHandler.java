package dev.jobs4j.api;

import dev.jobs4j.api.retry.Retry;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that runs jobs of one type, on any object given to the engine; with Spring, on any
 * bean.
 *
 * <p>The method takes, in any order, at most one payload, a {@link JobContext}, a {@link JobId},
 * and whatever the engine was told to inject; or nothing. What it returns is the job's result:
 * nothing, a {@link JobOutcome}, or any other value. What it throws is a failed attempt. It runs on
 * a worker thread, many at a time, so it must be thread-safe, and it may run more than once for one
 * job: guard effects by {@link JobContext#jobId()}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface JobHandler {

  /** The registered name of the kind of job. */
  String type();

  /**
   * The version of the payload's shape that the method takes, from 1. Payloads of earlier versions
   * go through the upcasters that the builder was given; jobs of later ones are left to engines
   * that know them.
   */
  int version() default 1;

  /** Earlier names of the kind: stored jobs that still carry one are run by this method too. */
  String[] aliases() default {};

  /** The queue that this engine works for it; jobs of the type go there if nothing else is said. */
  String queue() default "default";

  /**
   * The longest an attempt may take ({@code 500ms}, {@code 30s}, {@code 10m}, {@code 2h}, {@code
   * 1d}, {@code PT30S}), after which it is interrupted and counts as failed; empty means no limit.
   */
  String timeout() default "";

  /** What happens after a failed attempt. */
  Retry retry() default @Retry;
}
