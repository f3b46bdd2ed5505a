package dev.jobs4j.core;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Retention;
import dev.jobs4j.core.config.Durations;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.Environment;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.LogOptions;
import dev.jobs4j.core.config.WorkerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets a {@link JobsBuilder} from {@code JOBS_*} variables, which are the property names of the
 * Spring Boot starter in capitals. Each value goes into the options at once, so that what these
 * refuse is told with the variable's name.
 */
final class EnvironmentSettings {

  private static final Logger log = LoggerFactory.getLogger(EnvironmentSettings.class);

  /** What Kubernetes sets in containers beside a service that is called "jobs". */
  private static final String SERVICE_LINK = "JOBS_(SERVICE|PORT)(_.*)?";

  private static final String POSITIVE = Durations.FORM + ", more than 0";

  private final Environment environment;
  private final Set<String> known = new TreeSet<>();
  private final EngineOptions.Builder options = EngineOptions.builder();
  private Retention retention = Retention.defaults();
  private LeaseOptions lease = LeaseOptions.defaults();
  private WorkerOptions workers = WorkerOptions.defaults();
  private final Map<String, WorkerOptions> queues = new LinkedHashMap<>();
  private @Nullable Path archiveFolder;

  EnvironmentSettings(Environment environment) {
    this.environment = environment;
  }

  JobsBuilder builder() {
    readEngine();
    readRetention();
    readLease();
    readWorkers();
    readArchive();
    environment.names().stream()
        .filter(name -> name.startsWith("JOBS_") && !known.contains(name))
        .filter(name -> !name.matches(SERVICE_LINK))
        .forEach(
            name ->
                log.warn("Variable is not known and changes nothing: {}, known={}", name, known));
    JobsBuilder builder =
        new JobsBuilder()
            .options(options.retention(retention).lease(lease).build())
            .workers(workers);
    queues.forEach(builder::queue);
    builder.archiveFolder = archiveFolder;
    return builder;
  }

  private void readArchive() {
    known.add("JOBS_ARCHIVE_FOLDER");
    archiveFolder = environment.as("JOBS_ARCHIVE_FOLDER", "a folder", Path::of).orElse(null);
  }

  private void readEngine() {
    engine("JOBS_NAME", "at most 120 characters", EngineOptions.Builder::name);
    engine("JOBS_POLL_INTERVAL", POSITIVE, (o, text) -> o.pollInterval(duration(text)));
    engine(
        "JOBS_WORKER_DRAIN_TIMEOUT", Durations.FORM, (o, text) -> o.drainTimeout(duration(text)));
    engine(
        "JOBS_WORKER_INTERRUPT_GRACE",
        Durations.FORM,
        (o, text) -> o.interruptGrace(duration(text)));
    known.add("JOBS_MAX_PAYLOAD_SIZE");
    environment.bytes("JOBS_MAX_PAYLOAD_SIZE").ifPresent(options::maxPayloadBytes);
    known.add("JOBS_LOG_MAX_LINES");
    known.add("JOBS_LOG_MAX_LENGTH");
    LogOptions log = LogOptions.defaults();
    log =
        environment
            .number("JOBS_LOG_MAX_LINES", 1, Integer.MAX_VALUE)
            .map(log::withMaxLines)
            .orElse(log);
    log =
        environment
            .number("JOBS_LOG_MAX_LENGTH", 20, Integer.MAX_VALUE)
            .map(log::withMaxLength)
            .orElse(log);
    options.log(log);
  }

  private void readRetention() {
    for (JobState state : List.of(JobState.SUCCEEDED, JobState.CANCELLED, JobState.DEAD)) {
      retention(
          "JOBS_RETENTION_" + state, Durations.AGE_FORM, (r, text) -> r.keep(state, age(text)));
    }
    retention(
        "JOBS_RETENTION_QUEUES",
        "states of queues, each with its age, as mail.dead=90d,reports.succeeded=1h",
        (r, text) -> {
          for (String entry : text.split(",")) {
            r = keep(r, entry.split("=", -1));
          }
          return r;
        });
    retention(
        "JOBS_RETENTION_ATTEMPTS",
        "a whole number of at least 1",
        (r, text) -> r.keepAttempts(Integer.parseInt(text)));
    retention(
        "JOBS_RETENTION_ATTEMPT_AGE", Durations.AGE_FORM, (r, text) -> r.keepAttempts(age(text)));
    retention("JOBS_RETENTION_AUDIT", Durations.AGE_FORM, (r, text) -> r.keepAudit(age(text)));
  }

  private static Retention keep(Retention retention, String[] parts) {
    int dot = parts[0].lastIndexOf('.'); // a queue's name may have some too
    if (parts.length != 2 || dot < 0) {
      throw new InvalidJobException("not queue.state=age");
    }
    String state = parts[0].substring(dot + 1).strip().toUpperCase(Locale.ROOT);
    return retention.keep(
        parts[0].substring(0, dot).strip(), JobState.valueOf(state), age(parts[1]));
  }

  private void readLease() {
    lease(
        "JOBS_LEASE_DURATION",
        Durations.FORM + ", at least 1s",
        (any, text) -> LeaseOptions.of(duration(text)));
    lease("JOBS_LEASE_GRACE", Durations.FORM, (l, text) -> l.withGrace(duration(text)));
    lease("JOBS_LEASE_REAP_INTERVAL", POSITIVE, (l, text) -> l.withReapInterval(duration(text)));
    lease(
        "JOBS_LEASE_MAX_CRASHES",
        "a whole number of at least 0",
        (l, text) -> l.withMaxCrashes(Integer.parseInt(text)));
  }

  private void readWorkers() {
    known.add("JOBS_WORKER_CONCURRENCY");
    known.add("JOBS_WORKER_VIRTUAL_THREADS");
    known.add("JOBS_QUEUES");
    boolean virtual = environment.flag("JOBS_WORKER_VIRTUAL_THREADS").orElse(false);
    environment
        .number("JOBS_WORKER_CONCURRENCY", 1, Integer.MAX_VALUE)
        .ifPresent(count -> workers = WorkerOptions.of(count));
    if (virtual) {
      workers = workers.onVirtualThreads();
    }
    environment.as(
        "JOBS_QUEUES",
        "queues, each with a concurrency of at least 1, as mail=5,reports=1",
        text -> {
          for (String entry : text.split(",")) {
            readQueue(entry.split("=", -1), virtual);
          }
          return queues;
        });
  }

  private void readQueue(String[] parts, boolean virtual) {
    if (parts.length != 2) {
      throw new InvalidJobException("not queue=concurrency");
    }
    WorkerOptions own = WorkerOptions.of(Integer.parseInt(parts[1].strip()));
    String queue = JobQueue.of(parts[0].strip()).name();
    if (queues.put(queue, virtual ? own.onVirtualThreads() : own) != null) {
      throw new InvalidJobException("a queue stands twice");
    }
  }

  private void engine(
      String name,
      String allowed,
      BiFunction<EngineOptions.Builder, String, EngineOptions.Builder> set) {
    known.add(name);
    environment.as(name, allowed, text -> set.apply(options, text).build());
  }

  private void retention(
      String name, String allowed, BiFunction<Retention, String, Retention> with) {
    known.add(name);
    environment
        .as(name, allowed, text -> with.apply(retention, text))
        .ifPresent(read -> retention = read);
  }

  private void lease(
      String name, String allowed, BiFunction<LeaseOptions, String, LeaseOptions> with) {
    known.add(name);
    environment.as(name, allowed, text -> with.apply(lease, text)).ifPresent(read -> lease = read);
  }

  private static Duration age(String text) {
    return Durations.parseAge("age", text);
  }

  private static Duration duration(String text) {
    return Durations.parse("duration", text);
  }
}
