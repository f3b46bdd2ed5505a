package dev.jobs4j.api;

import org.jspecify.annotations.Nullable;

/**
 * Looks after one job that was given up: the functional form behind a {@link DeadLetterHandler}
 * method. Must be thread-safe.
 *
 * @param <P> the payload
 */
@FunctionalInterface
public interface DeadLetterExecutor<P> {

  /**
   * Does what is to be done.
   *
   * @param payload what the job's own handler would be given, or null if that cannot be read
   * @param letter the job that was given up, as it was then
   * @param context this run, which is a job of its own
   * @throws Exception to fail the attempt; the retry policy decides what follows
   */
  void handle(@Nullable P payload, DeadLetter letter, JobContext context) throws Exception;
}
