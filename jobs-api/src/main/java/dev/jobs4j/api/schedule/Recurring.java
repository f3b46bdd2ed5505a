package dev.jobs4j.api.schedule;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets a {@link dev.jobs4j.api.JobHandler} method that takes no payload run again and again. One of
 * {@link #cron}, {@link #every} and {@link #delay} says when.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Recurring {

  /** The name of the recurring job; empty for the type of the handler. */
  String name() default "";

  /** A cron expression, see {@link CronSchedule}. */
  String cron() default "";

  /** A period such as {@code 15m}, see {@link FixedRate}. */
  String every() default "";

  /** A delay after the end of each run such as {@code 5m}, see {@link FixedDelay}. */
  String delay() default "";

  /** The id of the zone in which {@link #cron} is read. */
  String zone() default "UTC";

  /** {@code SKIP}, {@code RUN_ONCE} or {@code RUN_ALL(n)}, see {@link Misfire}. */
  String misfire() default "RUN_ONCE";

  /** What a firing does while an earlier run lasts. */
  Overlap overlap() default Overlap.SKIP;

  /** How much later than its firing a run may start, such as {@code 5m}; empty for not at all. */
  String jitter() default "";

  /** What it is for; may be empty. */
  String description() default "";
}
