package dev.jobs4j.spring;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Retention;
import dev.jobs4j.core.archive.JsonLinesArchive;
import dev.jobs4j.core.config.Durations;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.LogOptions;
import dev.jobs4j.core.config.WorkerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;

/**
 * What an application can set below {@code jobs}.
 *
 * @param enabled Whether this application has jobs at all.
 * @param name Name of this node for people, in the engines table and in logs. Host name if empty.
 * @param pollInterval Wait between two looks of an idle engine at its store.
 * @param retention How long what is over is kept.
 * @param maxPayloadSize Size of the largest payload that is accepted, encoded.
 * @param enqueue How jobs are enqueued.
 * @param worker How jobs are run.
 * @param lease Lease of this node on the jobs that it runs.
 * @param log Amount of what handlers write into the logs of their jobs that is kept.
 * @param queues Settings of single queues, by name.
 * @param archive Files for jobs that are deleted.
 * @param schedules Location of a YAML file with recurring jobs, kept by nodes that run jobs.
 */
@ConfigurationProperties("jobs")
public record JobsProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("") String name,
    @DefaultValue("1s") Duration pollInterval,
    @DefaultValue Keeping retention,
    @DefaultValue("1MB") DataSize maxPayloadSize,
    @DefaultValue Enqueue enqueue,
    @DefaultValue Worker worker,
    @DefaultValue Lease lease,
    @DefaultValue Log log,
    @DefaultValue Map<String, Queue> queues,
    @DefaultValue Archive archive,
    @Nullable Resource schedules) {

  /** What an enqueue does about the Spring transaction that it is called in. */
  public enum Joining {
    /** Joins a transaction of the store's database, refuses one of anything else. */
    JOIN,
    /** Joins, and refuses to enqueue outside a transaction of the store's database. */
    REQUIRE,
    /** Never joins: the job is stored at once, whatever becomes of the transaction. */
    IGNORE
  }

  /**
   * How jobs are enqueued.
   *
   * @param transaction What an enqueue does about the Spring transaction that it is called in.
   */
  public record Enqueue(@DefaultValue("join") Joining transaction) {}

  /**
   * How long what is over is kept.
   *
   * @param succeeded Age of jobs that have succeeded before they are deleted, or forever.
   * @param cancelled Age of jobs that were cancelled before they are deleted, or forever.
   * @param dead Age of dead letters before they are deleted, or forever.
   * @param attempts Number of failed attempts that are kept of each job, the last ones. All if not
   *     set.
   * @param attemptAge Age of failed attempts before they are deleted, or forever.
   * @param audit Age of what operators did before it is deleted, or forever.
   */
  public record Keeping(
      @DefaultValue("7d") String succeeded,
      @DefaultValue("7d") String cancelled,
      @DefaultValue("forever") String dead,
      @Nullable Integer attempts,
      @DefaultValue("forever") String attemptAge,
      @DefaultValue("forever") String audit) {}

  /**
   * How jobs are run.
   *
   * @param enabled Whether this node runs jobs; if not, it only enqueues them.
   * @param autoStartup Whether running jobs begins with the application.
   * @param concurrency Number of jobs of one queue that run at once.
   * @param drainTimeout Time that running jobs have to finish when the application stops. Shorter
   *     than spring.lifecycle.timeout-per-shutdown-phase.
   * @param interruptGrace Time that an interrupted handler has to end.
   */
  public record Worker(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("true") boolean autoStartup,
      @DefaultValue("10") int concurrency,
      @DefaultValue("20s") Duration drainTimeout,
      @DefaultValue("2s") Duration interruptGrace) {}

  /**
   * The lease of an engine.
   *
   * @param duration Time that this node counts as alive after it last said so.
   * @param grace Time that an expired lease is left alone.
   * @param reapInterval Wait between two looks for dead nodes, unless a lease ends before.
   * @param maxCrashes Number of crashes that a job may cause before it is a dead letter.
   */
  public record Lease(
      @DefaultValue("30s") Duration duration,
      @DefaultValue("2s") Duration grace,
      @DefaultValue("5s") Duration reapInterval,
      @DefaultValue("3") int maxCrashes) {}

  /**
   * The logs of jobs.
   *
   * @param maxLines Number of lines that are kept with a job, the newest of them.
   * @param maxLength Number of characters that are kept of a line.
   */
  public record Log(@DefaultValue("1000") int maxLines, @DefaultValue("2000") int maxLength) {}

  /**
   * Files of JSON lines for jobs that have ended, written before they are deleted.
   *
   * @param folder Folder of the files, for this process alone. Nothing is archived if not set.
   * @param payloads Whether payloads and results are written too, as they are stored.
   */
  public record Archive(@Nullable Path folder, @DefaultValue("true") boolean payloads) {}

  /**
   * The settings of one queue.
   *
   * @param concurrency Number of jobs of this queue that run at once.
   * @param retention How long its jobs are kept, where that differs.
   */
  public record Queue(@Nullable Integer concurrency, @DefaultValue QueueKeeping retention) {}

  /**
   * How long the jobs of one queue are kept, where that differs.
   *
   * @param succeeded Age of jobs of this queue that have succeeded before they are deleted.
   * @param cancelled Age of jobs of this queue that were cancelled before they are deleted.
   * @param dead Age of dead letters of this queue before they are deleted.
   */
  public record QueueKeeping(
      @Nullable String succeeded, @Nullable String cancelled, @Nullable String dead) {}

  /** The engine's options; an error names the property. */
  EngineOptions engineOptions() {
    LeaseOptions leaseOptions =
        named(
            "jobs.lease",
            () ->
                LeaseOptions.of(lease.duration)
                    .withGrace(lease.grace)
                    .withReapInterval(lease.reapInterval)
                    .withMaxCrashes(lease.maxCrashes));
    Retention kept = kept();
    LogOptions logOptions = named("jobs.log", () -> new LogOptions(log.maxLines, log.maxLength));
    return named(
        "jobs (name, poll-interval, max-payload-size, worker.drain-timeout,"
            + " worker.interrupt-grace)",
        () ->
            EngineOptions.builder()
                .name(name)
                .pollInterval(pollInterval)
                .retention(kept)
                .maxPayloadBytes((int) Math.min(maxPayloadSize.toBytes(), Integer.MAX_VALUE))
                .drainTimeout(worker.drainTimeout)
                .interruptGrace(worker.interruptGrace)
                .lease(leaseOptions)
                .log(logOptions)
                .build());
  }

  private Retention kept() {
    Retention kept =
        named(
            "jobs.retention",
            () ->
                Retention.defaults()
                    .keep(JobState.SUCCEEDED, Durations.parseAge("succeeded", retention.succeeded))
                    .keep(JobState.CANCELLED, Durations.parseAge("cancelled", retention.cancelled))
                    .keep(JobState.DEAD, Durations.parseAge("dead", retention.dead))
                    .keepAttempts(
                        retention.attempts == null ? Integer.MAX_VALUE : retention.attempts)
                    .keepAttempts(Durations.parseAge("attempt-age", retention.attemptAge))
                    .keepAudit(Durations.parseAge("audit", retention.audit)));
    for (Map.Entry<String, Queue> queue : queues.entrySet()) {
      QueueKeeping own = queue.getValue().retention;
      Retention before = kept;
      kept =
          named(
              "jobs.queues." + queue.getKey() + ".retention",
              () -> {
                Retention with = before;
                with = keep(with, queue.getKey(), JobState.SUCCEEDED, own.succeeded);
                with = keep(with, queue.getKey(), JobState.CANCELLED, own.cancelled);
                return keep(with, queue.getKey(), JobState.DEAD, own.dead);
              });
    }
    return kept;
  }

  private static Retention keep(
      Retention retention, String queue, JobState state, @Nullable String age) {
    return age == null
        ? retention
        : retention.keep(
            queue, state, Durations.parseAge(state.name().toLowerCase(Locale.ROOT), age));
  }

  /** How queues are worked that are not named. */
  WorkerOptions workerOptions(boolean virtualThreads) {
    return named("jobs.worker", () -> options(worker.concurrency, virtualThreads));
  }

  /** How the named queues are worked. */
  Map<String, WorkerOptions> queueOptions(boolean virtualThreads) {
    Map<String, WorkerOptions> options = new LinkedHashMap<>();
    queues.forEach(
        (queue, set) ->
            options.put(
                queue,
                named(
                    "jobs.queues." + queue,
                    () ->
                        options(
                            set.concurrency == null ? worker.concurrency : set.concurrency,
                            virtualThreads))));
    return options;
  }

  /** The archive in the folder, which must be set. */
  JsonLinesArchive openArchive() {
    JsonLinesArchive.Builder files =
        JsonLinesArchive.builder(Objects.requireNonNull(archive.folder, "jobs.archive.folder"));
    return named("jobs.archive", () -> (archive.payloads ? files : files.withoutPayloads()).open());
  }

  private static WorkerOptions options(int concurrency, boolean virtualThreads) {
    WorkerOptions options = WorkerOptions.of(concurrency);
    return virtualThreads ? options.onVirtualThreads() : options;
  }

  private static <T> T named(String property, Supplier<T> options) {
    try {
      return options.get();
    } catch (InvalidJobException e) {
      throw new JobsSetupException(
          "Below " + property + ": " + e.getMessage(), "Change that property.", e);
    }
  }
}
