package dev.jobs4j.core;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetters;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Explanation;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.api.Progress;
import dev.jobs4j.api.Workflow;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.api.schedule.Schedules;
import dev.jobs4j.core.config.Environment;
import dev.jobs4j.core.internal.worker.Engine;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in this process: enqueues them and, if it was started with handlers, runs them. Make one
 * with {@link #builder()}, keep it for the life of the application, {@link #close()} it at the end.
 * Thread-safe.
 */
public final class Jobs implements JobClient, AutoCloseable {

  private final JobClient client;
  private final @Nullable Engine engine;
  private final List<AutoCloseable> backends;
  private final Function<DeadLetter, String> masked;
  private final Schedules schedules;
  private final Pauses pauses;
  private final JobLimits limits;
  private final Object stopping = new Object(); // who comes second waits for the first
  private volatile boolean stopped;
  private volatile boolean closed;

  Jobs(
      JobClient client,
      @Nullable Engine engine,
      List<AutoCloseable> backends,
      Function<DeadLetter, String> masked,
      Schedules schedules,
      Pauses pauses,
      JobLimits limits) {
    this.limits = limits;
    this.schedules = schedules;
    this.pauses = pauses;
    this.masked = masked;
    this.client = client;
    this.engine = engine;
    this.backends = backends;
  }

  /** Starts with nothing set. */
  public static JobsBuilder builder() {
    return new JobsBuilder();
  }

  /**
   * Starts with what the environment of this process sets, or else {@code .env} in its working
   * folder: {@code JOBS_NAME} (the worker's id; host name if not set), {@code JOBS_POLL_INTERVAL},
   * {@code JOBS_RETENTION_SUCCEEDED}, {@code JOBS_RETENTION_CANCELLED}, {@code JOBS_RETENTION_DEAD}
   * (a duration or {@code forever}), {@code JOBS_RETENTION_QUEUES} (what differs for single queues,
   * as {@code mail.dead=90d,reports.succeeded=1h}), {@code JOBS_RETENTION_ATTEMPTS} (how many),
   * {@code JOBS_RETENTION_ATTEMPT_AGE}, {@code JOBS_RETENTION_AUDIT}, {@code
   * JOBS_MAX_PAYLOAD_SIZE}, {@code JOBS_LOG_MAX_LINES}, {@code JOBS_LOG_MAX_LENGTH}, {@code
   * JOBS_WORKER_CONCURRENCY}, {@code JOBS_WORKER_VIRTUAL_THREADS}, {@code
   * JOBS_WORKER_DRAIN_TIMEOUT}, {@code JOBS_WORKER_INTERRUPT_GRACE}, {@code JOBS_LEASE_DURATION},
   * {@code JOBS_LEASE_GRACE}, {@code JOBS_LEASE_REAP_INTERVAL}, {@code JOBS_LEASE_MAX_CRASHES},
   * {@code JOBS_QUEUES}, the concurrency of single queues as {@code mail=5,reports=1}, and {@code
   * JOBS_ARCHIVE_FOLDER}, where {@link dev.jobs4j.core.archive.JsonLinesArchive} puts what is
   * deleted, opened by the start. What neither sets has its default.
   *
   * <p>Another variable that starts with {@code JOBS_} is warned about. {@link
   * JobsBuilder#options}, {@link JobsBuilder#workers} and {@link JobsBuilder#archive}, called
   * afterwards, replace what was read.
   *
   * @throws dev.jobs4j.api.InvalidJobException if a value is wrong; the message has the variable,
   *     the value, where it is from and what is allowed
   */
  public static JobsBuilder fromEnvironment() {
    return fromEnvironment(Environment.system());
  }

  /** Starts with what {@code environment} sets; see {@link #fromEnvironment()}. */
  public static JobsBuilder fromEnvironment(Environment environment) {
    return new EnvironmentSettings(environment).builder();
  }

  @Override
  public List<Enqueued> enqueueAll(List<? extends JobRequest<?>> requests) {
    return client.enqueueAll(requests);
  }

  @Override
  public List<Enqueued> submit(Workflow workflow) {
    return client.submit(workflow);
  }

  @Override
  public JobClient in(JobTransaction transaction) {
    return client.in(transaction);
  }

  @Override
  public Optional<Job> find(JobId id) {
    return client.find(id);
  }

  @Override
  public Optional<Explanation> explain(JobId id) {
    return client.explain(id);
  }

  @Override
  public <R> Optional<R> result(JobId id, Class<R> type) {
    return client.result(id, type);
  }

  @Override
  public Optional<Progress> progress(JobId id) {
    return client.progress(id);
  }

  @Override
  public LogPage log(JobId id, long after, int limit) {
    return client.log(id, after, limit);
  }

  @Override
  public Cancellation cancel(JobId id) {
    return client.cancel(id);
  }

  @Override
  public boolean requeue(JobId id) {
    return client.requeue(id);
  }

  @Override
  public JobId rerun(JobId id) {
    return client.rerun(id);
  }

  @Override
  public DeadLetters deadLetters() {
    return client.deadLetters();
  }

  /**
   * The payload of a dead letter as text for people: JSON with {@code ***} in place of members that
   * the handler's payload class declares {@link dev.jobs4j.api.Sensitive} or does not know. What no
   * handler here takes, what is encrypted or cannot be read is {@code ***} as a whole. Never
   * throws.
   */
  public String maskedPayload(DeadLetter letter) {
    return masked.apply(letter);
  }

  /** The limits that its stores keep; each store counts for itself. */
  public JobLimits limits() {
    return limits;
  }

  /** The recurring jobs that its stores keep. */
  public Schedules schedules() {
    return schedules;
  }

  /**
   * Keeps a recurring job: shorthand for {@link Schedules#save} of one with the default rules.
   *
   * @throws dev.jobs4j.api.InvalidJobException as that
   */
  public <P> void recurring(String name, Schedule schedule, JobType<P> type, P payload) {
    schedules.save(RecurringJob.of(name, schedule, type, payload));
  }

  /**
   * What starts no jobs for now, in the stores. A queue on a broker, or in a store that cannot
   * pause, is refused. A node, a type or a tenant stands still in every store that can; the same
   * jobs on a broker or in another store go on, and if no store can, it is refused. Should one of
   * several stores fail, those before it are paused: ask again.
   */
  public Pauses pauses() {
    return pauses;
  }

  /** How the engine is, from memory; one that only enqueues is up until it is closed. */
  public EngineHealth health() {
    Engine e = engine;
    return e == null
        ? new EngineHealth(!closed, List.of(), 0)
        : new EngineHealth(!stopped, e.troubles(), e.leakedSlots());
  }

  /**
   * Stops running jobs; enqueueing goes on. Takes no more jobs, lets what runs finish within the
   * drain timeout, then interrupts it and gives it back without spending an attempt. Returns when
   * that is done, also to a second caller. Idempotent. Interrupted while waiting, it gives back
   * what it can, tells all threads to end and returns with the interrupt set.
   */
  public void stop() {
    Engine e = engine;
    if (e == null) {
      return;
    }
    synchronized (stopping) {
      if (!stopped) {
        stopped = true;
        try {
          e.stop();
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** {@link #stop()}, then closes the stores and transports it was given. Idempotent. */
  @Override
  public void close() {
    try {
      stop();
    } finally {
      closed = true;
      backends.forEach(Wiring::closeQuietly);
    }
  }
}
