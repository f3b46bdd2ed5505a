package dev.jobs4j.spi;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link JobStore} that people and tools use: look, cancel, requeue, delete.
 * Thread-safe. Never on a job's way, so it may be slower.
 */
public interface JobRecords {

  /** The job as it is now, wherever it is kept. */
  Optional<Job> find(JobId id);

  /** The job with all that decides whether a claim gives it out; empty if it is unknown. */
  Optional<Standing> standing(JobId id);

  /**
   * Whether a transaction holds this pending job just now, so that claims pass over it. May keep a
   * claim from the job itself for the moment of the look, so it is asked last.
   */
  default boolean isLocked(JobId id) {
    return false;
  }

  /** Calls a job off: a pending one at once; a running one is flagged for its engine. */
  Cancellation cancel(JobId id);

  /**
   * Makes a dead or cancelled job pending again, due at once and without an expiry, with attempts
   * and crashes back at 0 and its token kept.
   *
   * @return whether it was dead or cancelled and no other job holds its unique key, which it takes
   *     again
   */
  boolean requeue(JobId id);

  /**
   * Deletes a job that has ended, with its attempts.
   *
   * @return whether it had ended and is gone
   */
  boolean delete(JobId id);

  /** The result that a succeeded job left, if it left one. */
  Optional<Payload> result(JobId id);

  /** Where these jobs are and what they left, in any order; without those that are unknown. */
  default List<KeptResult> results(List<JobId> ids) {
    List<KeptResult> results = new ArrayList<>();
    for (JobId id : ids) {
      find(id)
          .ifPresent(
              job ->
                  results.add(
                      new KeptResult(
                          id,
                          job.type(),
                          job.tenant().orElse(null),
                          job.state(),
                          result(id).orElse(null))));
    }
    return results;
  }

  /** The failed attempts and crashes of a job, in order of their tokens. */
  List<AttemptRecord> attempts(JobId id);

  /** What the job said last of its progress; empty if nothing, and without {@link JobNotes}. */
  default Optional<Progress> progress(JobId id) {
    return Optional.empty();
  }

  /**
   * The lines of a job's log with numbers above {@code after}, at most {@code limit}, in order of
   * their numbers; empty without {@link JobNotes}.
   */
  default LogPage log(JobId id, long after, int limit) {
    return LogPage.EMPTY;
  }

  /**
   * What it takes to run an ended job once more as another: its id, type, queue, payload, priority,
   * attempts, tenant, tags and headers; without due time, expiry, unique key, line and parents.
   * Empty if it is unknown or has not ended.
   */
  Optional<NewJob> content(JobId id);

  /** The dead letters and what can be done with them. */
  DeadLetterRecords letters();

  /** The dead letters of one queue; see {@link DeadLetterRecords#list}. */
  default List<DeadLetter> deadLetters(JobQueue queue, @Nullable JobId after, int limit) {
    return letters().list(DeadLetterFilter.all().queue(queue), after, limit);
  }

  /** How many jobs of a queue are in each state; counted, so slow on large tables. */
  Map<JobState, Long> count(JobQueue queue);
}
