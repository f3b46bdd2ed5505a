package dev.jobs4j.api;

import dev.jobs4j.api.retry.Retry;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that is run for each job that was given up, as a job of its own: it is stored in
 * the transaction that makes the dead letter, in the queue of that one, and has attempts of its
 * own. On any object given to the engine; with Spring, on any bean.
 *
 * <p>Of several that fit a letter one is run: that for its type, else that for its queue, else that
 * for all. When it is given up itself, nothing is run for it. The dead letter is left as it is: it
 * can be redriven, also by the handler; if it dies again, the handler is run again.
 *
 * <p>The method takes, in any order, what it needs of: the payload, as the job's own handler takes
 * it, or null if it cannot be read; the {@link DeadLetter}; its {@link Failure}, {@link
 * DeadReason}, {@link JobId} and {@link JobQueue}; the {@link JobContext} of its own run; and
 * whatever the engine was told to inject. It may run more than once for one letter, as every job
 * may.
 *
 * <p>It is run for letters that an engine makes which knows of it, so name it wherever the same
 * queues are worked; and not for letters that were there before.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface DeadLetterHandler {

  /** The type whose dead letters it is for; a handler of the same engine must run it. */
  String value() default "";

  /** The queue whose dead letters it is for; not together with a type. */
  String queue() default "";

  /** The longest an attempt may take, as {@link JobHandler#timeout}; empty means no limit. */
  String timeout() default "";

  /** What happens after a failed attempt. */
  Retry retry() default @Retry;
}
