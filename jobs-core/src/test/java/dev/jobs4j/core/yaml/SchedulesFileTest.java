package dev.jobs4j.core.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulesFileTest {

  record Archive(int olderThanDays, List<String> shops) {}

  private static final String FULL =
      """
      schedules:
        - name: nightly-archive
          cron: 0 3 * * *
          zone: Europe/Moscow
          type: archive
          version: 2
          queue: night
          tenant: acme
          payload: {olderThanDays: 90, shops: [a, b]}
          misfire: RUN_ALL(7)
          overlap: queue
          jitter: 5m
          description: moves orders
        - {name: tick, every: 15m, type: tick}
        - {name: tock, delay: 30s, type: tock}
      """;

  private static List<RecurringJob<?>> read(String text) {
    return SchedulesFile.read(new StringReader(text), "jobs.yaml");
  }

  @Test
  void everyKeyIsRead() {
    RecurringJob<?> job = read(FULL).get(0);

    assertThat(job.name()).isEqualTo("nightly-archive");
    assertThat(job.schedule()).isEqualTo(Schedule.cron("0 3 * * *", ZoneId.of("Europe/Moscow")));
    assertThat(job.request().type().name()).isEqualTo("archive");
    assertThat(job.request().type().version()).isEqualTo(2);
    assertThat(job.request().queue()).contains(JobQueue.of("night"));
    assertThat(job.request().tenant()).contains("acme");
    assertThat(job.request().payload())
        .isEqualTo(Map.of("olderThanDays", 90, "shops", List.of("a", "b")));
    assertThat(job.misfire()).isEqualTo(Misfire.runAll(7));
    assertThat(job.overlap()).isEqualTo(Overlap.QUEUE);
    assertThat(job.jitter()).isEqualTo(Duration.ofMinutes(5));
    assertThat(job.description()).contains("moves orders");
  }

  @Test
  void whatIsLeftOutIsTheDefault() {
    List<RecurringJob<?>> jobs = read(FULL);

    assertThat(jobs.get(1).schedule()).isEqualTo(Schedule.every(Duration.ofMinutes(15)));
    assertThat(jobs.get(1).misfire()).isEqualTo(Misfire.RUN_ONCE);
    assertThat(jobs.get(1).overlap()).isEqualTo(Overlap.SKIP);
    assertThat(jobs.get(1).request().queue()).isEmpty();
    assertThat(jobs.get(1).request().payload()).isEqualTo(Map.of());
    assertThat(jobs.get(2).schedule()).isEqualTo(Schedule.withDelay(Duration.ofSeconds(30)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: a, type: t, every: 1m, cronn: x | entry 1 (a): cronn: is not among",
        "type: t, every: 1m                    | entry 1: name: is missing",
        "name: a, every: 1m                    | entry 1 (a): type: is missing",
        "name: a, type: t                      | cron, every, delay: one of them must say when",
        "name: a, type: t, every: 1m, delay: 2m | had [every, delay]",
        "name: a, type: t, every: soon         | entry 1 (a): every: schedule needs a duration",
        "name: a, type: t, cron: '* * * *'     | entry 1 (a): cron: ",
        "name: a, type: t, cron: '* * * * *', zone: Mars | entry 1 (a): cron: zone must be an id",
        "name: ' ', type: t, every: 1m         | name: recurring job's name must be",
        "name: a, type: ' ', every: 1m         | type: type must be",
        "name: a, type: t, version: x, every: 1m | version: must be a whole number",
        "name: a, type: t, every: 1m, queue: ' ' | entry 1 (a): queue: ",
        "name: a, type: t, every: 1m, misfire: NO | misfire: misfire must be SKIP",
        "name: a, type: t, every: 1m, overlap: NO | overlap: must be one of [SKIP, QUEUE, ALLOW]",
        "name: a, type: t, every: 1m, jitter: 9 | jitter: jitter must be a duration",
        "name: a, type: t, every: 1m, jitter: 2d | jitter: jitter must be 0 to",
        "name: [a], type: t, every: 1m         | name: must be a text",
      })
  void whatIsWrongIsNamed(String entry, String message) {
    assertThatThrownBy(() -> read("schedules:\n  - {" + entry.strip() + "}\n"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("jobs.yaml: entry 1")
        .hasMessageContaining(message.strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jobs: []                    | must have one key, schedules",
        "schedules: 7                | must have one key, schedules",
        "schedules: [7]              | entry 1 must have keys such as",
        "schedules: [                | is no YAML",
        "schedules: !!java.io.File x | is no YAML",
        "{schedules: [], schedules: []} | is no YAML",
      })
  void aFileThatIsNoneIsRefused(String text, String message) {
    assertThatThrownBy(() -> read(text.strip()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("jobs.yaml")
        .hasMessageContaining(message.strip());
  }

  @Test
  void aNameIsThereOnce() {
    assertThatThrownBy(
            () -> read("schedules: [{name: a, type: t, every: 1m}, {name: a, type: u, every: 1m}]"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("entry 2: name \"a\" is there twice");
  }

  @Test
  void aFileThatIsNotThereIsNamed(@TempDir Path folder) {
    Path missing = folder.resolve("missing.yaml");

    assertThatThrownBy(() -> SchedulesFile.read(missing))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("missing.yaml cannot be read");
  }

  @Test
  void whatAFileSaysRuns(@TempDir Path folder) throws IOException, InterruptedException {
    Path file = folder.resolve("jobs.yaml");
    Files.writeString(
        file,
        "schedules: [{name: a, type: archive, every: 1s, payload: {olderThanDays: 90, shops: [é]}}]");
    LinkedBlockingQueue<Archive> seen = new LinkedBlockingQueue<>();
    JobsBuilder builder =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .handler(JobType.of("archive", Archive.class), (payload, context) -> seen.add(payload));
    SchedulesFile.read(file).forEach(builder::recurring);

    try (Jobs jobs = builder.start()) {
      assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo(new Archive(90, List.of("é")));
      assertThat(jobs.schedules().find("a").orElseThrow().inCode()).isTrue();
    }
  }
}
