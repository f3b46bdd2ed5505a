package dev.jobs4j.api;

import org.jspecify.annotations.Nullable;

/**
 * Runs one job: the functional form behind a {@link JobHandler} method. Must be thread-safe.
 *
 * @param <P> the payload
 */
@FunctionalInterface
public interface JobExecutor<P> {

  /**
   * Runs the job.
   *
   * @return null or {@link JobOutcome#done()} for a job without result, another {@link JobOutcome}
   *     for another ending, any other value for the result
   * @throws Exception to fail the attempt; the retry policy decides what follows
   */
  @Nullable Object execute(P payload, JobContext context) throws Exception;
}
