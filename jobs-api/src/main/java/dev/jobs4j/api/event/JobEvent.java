package dev.jobs4j.api.event;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import java.time.Duration;
import java.time.Instant;

/**
 * Something that happened to a job. An ending is told after its settlement was accepted, so it is
 * the truth of the backend, not a hope.
 */
public sealed interface JobEvent {

  /** The job. */
  JobRef job();

  /**
   * Which job an event is about.
   *
   * @param id its name in every backend
   * @param type the registered name of its kind
   * @param queue its queue
   * @param attempt the attempt, from 1; 0 if none has begun
   */
  record JobRef(JobId id, String type, JobQueue queue, int attempt) {}

  /** It was stored or confirmed; inside a caller's transaction, when that has yet to commit. */
  record Enqueued(JobRef job) implements JobEvent {}

  /** Its handler is about to run. */
  record Started(JobRef job) implements JobEvent {}

  /** It ended well, {@code took} after its start. */
  record Succeeded(JobRef job, Duration took) implements JobEvent {}

  /** The attempt failed and another follows after {@code delay}. */
  record Retried(JobRef job, Duration took, Failure failure, Duration delay) implements JobEvent {}

  /** It was put off by {@code delay} without spending an attempt. */
  record Snoozed(JobRef job, Duration delay) implements JobEvent {}

  /** It was given up and is now a dead letter; {@code took} is zero if it died with its engine. */
  record Died(JobRef job, Duration took, DeadReason reason, Failure failure) implements JobEvent {}

  /**
   * It ended as called off. Told by the engine that ran it or took it back, or by the client that
   * called it off while it waited. Not told of those that are cancelled along with a job whose
   * success they needed; one that waits for their end, however they end, runs then.
   */
  record Cancelled(JobRef job) implements JobEvent {}

  /** It was given back unfinished, without spending an attempt (by its handler, at a shutdown). */
  record Released(JobRef job) implements JobEvent {}

  /** Its lease was lost before its ending could be accepted: that ending changed nothing. */
  record LeaseLost(JobRef job) implements JobEvent {}

  /**
   * Its thread ignored the interruption at its timeout; the slot is lost until the thread ends.
   *
   * @param failure the timeout, with the stack of that thread when it was given up
   */
  record SlotLeaked(JobRef job, Failure failure) implements JobEvent {}

  /** Why a firing of a recurring job is not answered by a run. */
  enum DropReason {
    /** Nobody could start it in time, and its {@code Misfire} makes up for less. */
    MISSED,
    /** An earlier run has not ended. */
    OVERLAP,
    /** It was paused. */
    PAUSED
  }

  /**
   * Firings of a recurring job were dropped, for good.
   *
   * @param job the job that the first of them would have been; there is none of this id
   * @param schedule the name of the recurring job
   * @param first the first of them; there may be more between it and the next that is answered
   */
  record FiringsDropped(JobRef job, String schedule, Instant first, DropReason reason)
      implements JobEvent {}
}
