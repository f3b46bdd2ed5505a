package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Retention;
import dev.jobs4j.core.archive.JsonLinesArchive;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.Environment;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.LogOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobStore;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class JobsFromEnvironmentTest {

  @TempDir Path folder;

  private JobsBuilder from(Map<String, String> variables) {
    return Jobs.fromEnvironment(Environment.of(variables, folder.resolve(".env")));
  }

  @Test
  void withoutVariablesEverythingHasItsDefault() {
    JobsBuilder builder = from(Map.of());
    assertThat(builder.options).isEqualTo(EngineOptions.defaults());
    assertThat(builder.workers).isEqualTo(WorkerOptions.defaults());
    assertThat(builder.queues).isEmpty();
  }

  @Test
  void everyVariableSetsItsOption() {
    Map<String, String> variables = new HashMap<>();
    variables.put("JOBS_NAME", "worker-1");
    variables.put("JOBS_POLL_INTERVAL", "250ms");
    variables.put("JOBS_RETENTION_SUCCEEDED", "2d");
    variables.put("JOBS_RETENTION_CANCELLED", "forever");
    variables.put("JOBS_RETENTION_DEAD", "90d");
    variables.put("JOBS_RETENTION_QUEUES", "mail.dead=FOREVER, my.reports-2.Succeeded = 1h");
    variables.put("JOBS_RETENTION_ATTEMPTS", "20");
    variables.put("JOBS_RETENTION_ATTEMPT_AGE", "30d");
    variables.put("JOBS_RETENTION_AUDIT", "PT48H");
    variables.put("JOBS_MAX_PAYLOAD_SIZE", "64KB");
    variables.put("JOBS_LOG_MAX_LINES", "50");
    variables.put("JOBS_LOG_MAX_LENGTH", "100");
    variables.put("JOBS_WORKER_CONCURRENCY", "3");
    variables.put("JOBS_WORKER_VIRTUAL_THREADS", "true");
    variables.put("JOBS_WORKER_DRAIN_TIMEOUT", "0s");
    variables.put("JOBS_WORKER_INTERRUPT_GRACE", "4s");
    variables.put("JOBS_LEASE_DURATION", "15s");
    variables.put("JOBS_LEASE_GRACE", "1s");
    variables.put("JOBS_LEASE_REAP_INTERVAL", "3s");
    variables.put("JOBS_LEASE_MAX_CRASHES", "0");
    variables.put("JOBS_QUEUES", "mail=5, my.reports-2 = 1");
    variables.put("JOBS_ARCHIVE_FOLDER", "old/jobs");
    JobsBuilder builder = from(variables);
    assertThat(builder.options)
        .isEqualTo(
            EngineOptions.builder()
                .name("worker-1")
                .pollInterval(Duration.ofMillis(250))
                .retention(
                    Retention.defaults()
                        .keep(JobState.SUCCEEDED, Duration.ofDays(2))
                        .keep(JobState.CANCELLED, Retention.FOREVER)
                        .keep(JobState.DEAD, Duration.ofDays(90))
                        .keep("mail", JobState.DEAD, Retention.FOREVER)
                        .keep("my.reports-2", JobState.SUCCEEDED, Duration.ofHours(1))
                        .keepAttempts(20)
                        .keepAttempts(Duration.ofDays(30))
                        .keepAudit(Duration.ofDays(2)))
                .maxPayloadBytes(65_536)
                .log(new LogOptions(50, 100))
                .drainTimeout(Duration.ZERO)
                .interruptGrace(Duration.ofSeconds(4))
                .lease(
                    LeaseOptions.of(Duration.ofSeconds(15))
                        .withGrace(Duration.ofSeconds(1))
                        .withReapInterval(Duration.ofSeconds(3))
                        .withMaxCrashes(0))
                .build());
    assertThat(builder.workers).isEqualTo(WorkerOptions.of(3).onVirtualThreads());
    assertThat(builder.archiveFolder).isEqualTo(Path.of("old/jobs"));
    assertThat(builder.queues)
        .containsOnly(
            Map.entry(JobQueue.of("mail"), WorkerOptions.of(5).onVirtualThreads()),
            Map.entry(JobQueue.of("my.reports-2"), WorkerOptions.of(1).onVirtualThreads()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JOBS_POLL_INTERVAL | 0s | a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S, more than 0",
        "JOBS_RETENTION_SUCCEEDED | a week | a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S,"
            + " or forever",
        "JOBS_RETENTION_DEAD | PT-1S | a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S, or"
            + " forever",
        "JOBS_RETENTION_QUEUES | mail=1d | states of queues, each with its age, as"
            + " mail.dead=90d,reports.succeeded=1h",
        "JOBS_RETENTION_QUEUES | mail.running=1d | states of queues, each with its age, as"
            + " mail.dead=90d,reports.succeeded=1h",
        "JOBS_RETENTION_ATTEMPTS | 0 | a whole number of at least 1",
        "JOBS_RETENTION_ATTEMPT_AGE | old | a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S, or"
            + " forever",
        "JOBS_RETENTION_AUDIT | 40000d | a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S, or"
            + " forever",
        "JOBS_MAX_PAYLOAD_SIZE | lots | a size from 1B to below 2GB, such as 65536, 64KB or 1MB",
        "JOBS_MAX_PAYLOAD_SIZE | 0 | a size from 1B to below 2GB, such as 65536, 64KB or 1MB",
        "JOBS_LOG_MAX_LINES | 0 | a whole number of at least 1",
        "JOBS_LOG_MAX_LENGTH | 19 | a whole number of at least 20",
        "JOBS_WORKER_CONCURRENCY | 0 | a whole number of at least 1",
        "JOBS_WORKER_VIRTUAL_THREADS | yes | true or false",
        "JOBS_WORKER_DRAIN_TIMEOUT | PT-1S | a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S",
        "JOBS_WORKER_INTERRUPT_GRACE | x | a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S",
        "JOBS_LEASE_DURATION | 500ms | a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S, at"
            + " least 1s",
        "JOBS_LEASE_GRACE | PT-1S | a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S",
        "JOBS_LEASE_REAP_INTERVAL | 0s | a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S, more"
            + " than 0",
        "JOBS_LEASE_MAX_CRASHES | -1 | a whole number of at least 0",
        "JOBS_ARCHIVE_FOLDER | a\0b | a folder",
        "JOBS_QUEUES | mail | queues, each with a concurrency of at least 1, as mail=5,reports=1",
        "JOBS_QUEUES | mail=0 | queues, each with a concurrency of at least 1, as mail=5,reports=1",
        "JOBS_QUEUES | a=1,a=2 | queues, each with a concurrency of at least 1, as"
            + " mail=5,reports=1",
        "JOBS_QUEUES | a b=1 | queues, each with a concurrency of at least 1, as mail=5,reports=1"
      })
  void aWrongValueNamesTheVariableTheValueAndWhatIsAllowed(
      String name, String value, String allowed) {
    assertThatThrownBy(() -> from(Map.of(name, value)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage(
            name + " must be " + allowed + ", was \"" + value + "\" (from the environment)");
  }

  @Test
  void aNameThatIsTooLongIsRefused() {
    assertThatThrownBy(() -> from(Map.of("JOBS_NAME", "x".repeat(121))))
        .hasMessageStartingWith("JOBS_NAME must be at most 120 characters");
  }

  @Test
  void theFileIsReadAndNamed() throws Exception {
    Path file = folder.resolve(".env");
    Files.writeString(file, "JOBS_NAME=filed\nJOBS_WORKER_CONCURRENCY=many\n");
    assertThatThrownBy(() -> from(Map.of()))
        .hasMessage(
            "JOBS_WORKER_CONCURRENCY must be a whole number of at least 1, was \"many\" (from "
                + file
                + ")");
    JobsBuilder builder = from(Map.of("JOBS_WORKER_CONCURRENCY", "2"));
    assertThat(builder.options.name()).isEqualTo("filed");
    assertThat(builder.workers.concurrency()).isEqualTo(2);
  }

  @Test
  void aVariableThatNobodyKnowsIsWarnedAbout() {
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    Logger log = (Logger) LoggerFactory.getLogger(EnvironmentSettings.class);
    logged.start();
    log.addAppender(logged);
    try {
      from(
          Map.of(
              "JOBS_WORKER_CONCURENCY", "secret",
              "JOBS_NAME", "x",
              "JOBS_SERVICE_HOST", "10.0.0.1",
              "JOBS_PORT", "tcp://10.0.0.1:80",
              "JOBS_PORT_80_TCP_ADDR", "10.0.0.1",
              "OTHER", "x"));
    } finally {
      log.detachAppender(logged);
    }
    assertThat(logged.list).hasSize(1);
    assertThat(logged.list.get(0).getLevel()).isEqualTo(Level.WARN);
    assertThat(logged.list.get(0).getFormattedMessage())
        .startsWith("Variable is not known and changes nothing: JOBS_WORKER_CONCURENCY, known=[")
        .contains("JOBS_WORKER_CONCURRENCY")
        .doesNotContain("secret");
  }

  @Test
  void aWorkerIsCalledAsItsHostUnlessItIsNamed() throws Exception {
    assertThat(nameOfEngine(from(Map.of()))).isEqualTo(InetAddress.getLocalHost().getHostName());
    assertThat(nameOfEngine(from(Map.of("JOBS_NAME", "worker-1")))).isEqualTo("worker-1");
  }

  /** What the store is told. */
  private static String nameOfEngine(JobsBuilder builder) throws Exception {
    CompletableFuture<String> name = new CompletableFuture<>();
    InMemoryJobStore store = InMemoryJobStore.create();
    JobStore watched =
        (JobStore)
            Proxy.newProxyInstance(
                JobStore.class.getClassLoader(),
                new Class<?>[] {JobStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("register")) {
                    name.complete(((EngineInfo) arguments[0]).name());
                  }
                  return method.invoke(store, arguments);
                });
    try (Jobs jobs =
        builder
            .store(watched)
            .handler(JobType.of("t", String.class), (text, context) -> null)
            .start()) {
      assertThat(jobs.health().isUp()).isTrue();
      return name.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void theFolderOfTheArchiveIsHeldWhileJobsRun() {
    Path archive = folder.resolve("archive");
    Map<String, String> variables = Map.of("JOBS_ARCHIVE_FOLDER", archive.toString());
    try (Jobs client = from(variables).store(InMemoryJobStore.create()).enqueueOnly()) {
      assertThat(client.health().isUp()).isTrue();
      assertThat(archive).as("who only enqueues needs none").doesNotExist();
    }
    try (Jobs jobs =
        from(variables)
            .store(InMemoryJobStore.create())
            .handler(JobType.of("t", String.class), (text, context) -> null)
            .start()) {
      assertThat(jobs.health().isUp()).isTrue();
      assertThatThrownBy(() -> JsonLinesArchive.in(archive))
          .hasMessageContaining("cannot be used: " + archive);
    }
    JsonLinesArchive.in(archive).close();
  }

  @Test
  void aStartThatFailsGivesTheFolderBack() {
    Path archive = folder.resolve("archive");
    JobsBuilder builder =
        from(Map.of("JOBS_ARCHIVE_FOLDER", archive.toString()))
            .store(InMemoryJobStore.create())
            .threadFactory(
                work -> {
                  throw new IllegalStateException("no threads to be had");
                })
            .handler(JobType.of("t", String.class), (text, context) -> null);
    assertThatThrownBy(builder::start).hasMessage("no threads to be had");

    assertThat(archive).isNotEmptyDirectory();
    JsonLinesArchive.in(archive).close();
  }

  @Test
  void anArchiveThatIsSetTakesThePlaceOfTheFolder() {
    Path archive = folder.resolve("archive");
    try (Jobs jobs =
        from(Map.of("JOBS_ARCHIVE_FOLDER", archive.toString()))
            .store(InMemoryJobStore.create())
            .archive(any -> {})
            .handler(JobType.of("t", String.class), (text, context) -> null)
            .start()) {
      assertThat(jobs.health().isUp()).isTrue();
      assertThat(archive).doesNotExist();
    }
  }

  @Test
  void jobsStartFromTheEnvironment() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    JobType<String> type = JobType.of("t", String.class);
    try (Jobs jobs =
        Jobs.fromEnvironment()
            .store(InMemoryJobStore.create())
            .handler(
                type,
                (text, context) -> {
                  ran.countDown();
                  return null;
                })
            .start()) {
      jobs.enqueue(type, "x");
      assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
