package dev.jobs4j.api;

import java.util.List;
import java.util.Optional;

/**
 * Puts jobs into queues and asks about them. Thread-safe.
 *
 * <p>When an enqueue returns, the job is stored (or confirmed by the broker) and will be started at
 * least once; with {@link #in} it is, once the caller's transaction has committed. A handler may
 * run more than once: after a crash, a lost lease or an outcome that could not be found out.
 */
public interface JobClient {

  /** Stores one job, to run at once. */
  default <P> Enqueued enqueue(JobType<P> type, P payload) {
    return enqueue(type.request(payload));
  }

  /**
   * Stores one job.
   *
   * @throws InvalidJobException if the request asks for what its backend cannot do, or its payload
   *     cannot be encoded or is too large; nothing was stored
   * @throws EnqueueOutcomeUnknownException if the connection broke and the job may be stored
   * @throws JobException if the backend refused; nothing was stored
   */
  default Enqueued enqueue(JobRequest<?> request) {
    return enqueueAll(List.of(request)).get(0);
  }

  /**
   * Stores many jobs at once, in a store all or none; their queues must live in one backend. The
   * answers are in the order of the requests. Errors are those of {@link #enqueue(JobRequest)}.
   */
  List<Enqueued> enqueueAll(List<? extends JobRequest<?>> requests);

  /**
   * Stores all jobs of a workflow at once, all or none; their queues must live in one store. The
   * answers are in the order of the steps. Errors are those of {@link #enqueue(JobRequest)}; a step
   * whose unique key is taken is refused if another one waits for it.
   */
  List<Enqueued> submit(Workflow workflow);

  /**
   * The same client, whose enqueues join a transaction of the caller: stored if it commits, gone if
   * it rolls back. Refuses queues whose backend cannot join it.
   */
  JobClient in(JobTransaction transaction);

  /** The job as its store sees it now; empty if no store knows it (or keeps it any more). */
  Optional<Job> find(JobId id);

  /**
   * Why a job is not running: every reason that there is now, from a pause to the lack of a node
   * that knows its type. Empty if no store knows the job (or keeps it any more).
   */
  Optional<Explanation> explain(JobId id);

  /**
   * The result that a succeeded job left; empty if it left none, has not succeeded, or its store
   * keeps it no more. Opened if it is encrypted.
   *
   * @throws JobException if it cannot be read as {@code type}, or its key is missing here
   */
  <R> Optional<R> result(JobId id, Class<R> type);

  /** How far a job has come, as its handler said last; empty if it never did or is not known. */
  Optional<Progress> progress(JobId id);

  /**
   * What the handler of a job has written with {@link JobContext#log}: the lines with numbers above
   * {@code after}, in their order. The next page begins after the last number of this one.
   *
   * @param after 0 for the beginning
   * @param limit how many lines at most, at least 1
   */
  LogPage log(JobId id, long after, int limit);

  /** Calls a job off; a running one is asked to end at its engine's next renewal. */
  Cancellation cancel(JobId id);

  /**
   * Gives a dead or cancelled job its attempts back and makes it due at once: for a program that
   * goes on with its own job. What a person does is {@link DeadLetters#redrive}, which notes who
   * and why. A job that succeeded is never requeued, see {@link #rerun}.
   *
   * @return whether it was dead or cancelled and now waits again
   */
  boolean requeue(JobId id);

  /**
   * Runs what has ended once more, as a job of its own: the same type, queue, payload, priority,
   * attempts, tenant, tags and headers under a new id, due at once, without expiry, unique key and
   * parents. The old job is left as it is.
   *
   * @throws InvalidJobException if the job is unknown or has not ended
   * @throws JobException if its payload is encrypted and cannot be opened here; nothing was stored
   */
  JobId rerun(JobId id);

  /** The jobs that were given up. */
  DeadLetters deadLetters();
}
