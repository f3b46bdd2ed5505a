package dev.jobs4j.api;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a running attempt knows about itself. Thread-safe, so a handler may hand it to threads of
 * its own.
 */
public interface JobContext {

  /** The job's name in every backend, the same in every attempt: guard effects by it. */
  JobId jobId();

  /** The registered name of its kind, also if the job was stored under an alias. */
  String type();

  /** The queue it was taken from. */
  JobQueue queue();

  /** The number of this attempt, from 1. */
  int attempt();

  /**
   * A number that grows with every claim of this job, so that a resource can refuse a writer whose
   * lease was lost meanwhile; empty where the backend cannot order its claims (AMQP).
   */
  OptionalLong fencingToken();

  /** On whose behalf it runs. */
  Optional<String> tenant();

  /** The words to find it by. */
  Set<String> tags();

  /** Where it came from on a broker (topic, partition and offset; queue and delivery). */
  Optional<String> origin();

  /** Whether the attempt is asked to end: cancelled, timed out, stopped, or its lease was lost. */
  boolean isCancelled();

  /**
   * Whether another worker may be running this job by now; what this one reports may be refused.
   */
  boolean isLeaseLost();

  /**
   * Ends the attempt if it is asked to end.
   *
   * @throws JobCancelledException if {@link #isCancelled()}
   */
  default void throwIfCancelled() {
    if (isCancelled()) {
      throw new JobCancelledException(jobId());
    }
  }
}
