package dev.jobs4j.api;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

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

  /**
   * The firing of the recurring job that it answers, such as the night whose data it archives; its
   * run may be later. Empty for any other job.
   */
  Optional<Instant> firing();

  /** Whether the attempt is asked to end: cancelled, timed out, stopped, or its lease was lost. */
  boolean isCancelled();

  /**
   * Whether another worker may be running this job by now; what this one reports may be refused.
   */
  boolean isLeaseLost();

  /**
   * Does a part of the job that need not be done again. The value is stored, encrypted like a
   * payload, before this returns; a later attempt, or another call of the same name, gets the
   * stored one and does not run {@code work}. A crash in the middle of {@code work}, or between its
   * end and the store, makes a later attempt run it again.
   *
   * <p>Steps stay while their job does, also through {@link JobClient#requeue}. Calls of one name
   * from several threads follow one another. For small values: what is large belongs elsewhere, its
   * address into the step.
   *
   * @param name what the step is called, the same in every attempt: 1 to 120 characters, none of
   *     them a control character
   * @param type what the value is read back as; no primitive type
   * @param work what is to be done; must not return null
   * @return the value, of this call or the stored one
   * @throws JobCancelledException if the attempt is asked to end, or its lease was lost: then the
   *     value was not stored
   * @throws InvalidJobException if the queue lives on a broker or in a store without steps, an
   *     argument is wrong, or the value cannot be stored
   * @throws JobException if the store failed, or a stored value cannot be read
   * @throws Exception what {@code work} throws; nothing is stored then
   */
  <T> T step(String name, Class<T> type, Callable<T> work) throws Exception;

  /** The same for a part that leaves no value. */
  void step(String name, StepWork work) throws Exception;

  /** What a step without a value does. */
  @FunctionalInterface
  interface StepWork {
    /** Does it. */
    void run() throws Exception;
  }

  /**
   * Says how far the job has come, for people who look at it: {@link JobClient#progress}. Cheap:
   * what was said last is written about once a second, and when the attempt ends. Never throws
   * because of a store; where a queue lives on a broker or in a store without notes it only goes to
   * the log of the application, at DEBUG.
   *
   * @param done how much is done, 0 or more
   * @param total how much there is, or 0 if that is not known
   * @param message what it is at; may be empty; cleaned and cut like a line of {@link #log}
   * @throws InvalidJobException if a number is negative
   */
  void progress(long done, long total, String message);

  /** The same without a word. */
  default void progress(long done, long total) {
    progress(done, total, "");
  }

  /**
   * Writes lines that are kept with the job, for people who look at it: {@link JobClient#log}. They
   * are written about once a second and when the attempt ends, and stay through retries until the
   * job is deleted. What it may not have is left out: control characters become spaces, sensitive
   * values of the payload become {@code ***}, a long line is cut; of many lines the newest stay and
   * the others are counted. Lines are not encrypted.
   *
   * <p>Every line goes to the application's own log as well, to the logger {@code dev.jobs4j.job}
   * followed by a dot and the type; nowhere else where the queue lives on a broker or in a store
   * without notes.
   */
  JobLogger log();

  /**
   * What a step of the workflow has left that this job has waited for, see {@link
   * Workflow.Step#named}. Decrypted like a payload. Empty if the step left nothing or did not
   * succeed.
   *
   * @throws InvalidJobException if this job has waited for no step of this name
   * @throws JobException if its record was pruned or deleted, its store keeps no history, or the
   *     result cannot be read as {@code type}
   */
  <T> Optional<T> result(String step, Class<T> type);

  /**
   * What a job of the same store has left; empty if nothing, or if it has not succeeded.
   *
   * @throws JobException as {@link #result(String, Class)}, also if the job is not known
   */
  <T> Optional<T> result(JobId job, Class<T> type);

  /**
   * How all jobs have ended that this one has waited for, and what they have left, in the order of
   * the workflow. They are read in pages while the stream is used, so that ten thousand of them are
   * not in memory at once.
   *
   * @throws InvalidJobException if this job has waited for no other; or for more than 500 whose ids
   *     were not made by one call of {@link JobClient#submit}
   * @throws JobException as {@link #result(String, Class)}, while the stream is used
   */
  <T> Stream<ParentResult<T>> results(Class<T> type);

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
