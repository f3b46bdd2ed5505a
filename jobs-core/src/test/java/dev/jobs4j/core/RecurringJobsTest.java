package dev.jobs4j.core;

import static dev.jobs4j.api.schedule.Schedule.cron;
import static dev.jobs4j.api.schedule.Schedule.every;
import static dev.jobs4j.api.schedule.Schedule.withDelay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.api.schedule.Recurring;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.api.schedule.ScheduleStatus;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.DataKey;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.ScheduleDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Recurring jobs as an application declares and handles them. */
class RecurringJobsTest {

  private static final JobType<String> ARCHIVE = JobType.of("archive", String.class);
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private volatile Instant now = START;
  private final InMemoryJobStore store = InMemoryJobStore.of(() -> now);
  private final Jobs jobs = Jobs.builder().store(store).enqueueOnly();

  @AfterEach
  void close() {
    jobs.close();
  }

  private static void refused(Runnable build, String message) {
    assertThatThrownBy(build::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }

  private ScheduleStatus found(String name) {
    return jobs.schedules().find(name).orElseThrow();
  }

  @Test
  void whatIsSavedIsShown() {
    jobs.schedules()
        .save(
            RecurringJob.of(
                    "nightly",
                    cron("0 3 * * *", ZoneId.of("Europe/Moscow")),
                    ARCHIVE.request("all").queue("night"))
                .misfire(Misfire.runAll(7))
                .overlap(Overlap.QUEUE)
                .jitter(Duration.ofMinutes(5))
                .description("archives"));

    ScheduleStatus status = found("nightly");
    assertThat(status)
        .isEqualTo(
            new ScheduleStatus(
                "nightly",
                "0 3 * * *",
                "Europe/Moscow",
                "archive",
                JobQueue.of("night"),
                "RUN_ALL(7)",
                "QUEUE",
                Duration.ofMinutes(5),
                "archives",
                false,
                Instant.parse("2026-03-02T00:00:00Z"),
                null,
                null,
                null));
    assertThat(jobs.schedules().list(null, 10)).containsExactly(status);
    assertThat(jobs.schedules().find("daily")).isEmpty();
  }

  @Test
  void aPreviewTellsTheNextFirings() {
    jobs.recurring("hourly", every(HOUR), ARCHIVE, "all");

    assertThat(jobs.schedules().preview("hourly", 3))
        .containsExactly(
            START.plus(HOUR), START.plus(HOUR.multipliedBy(2)), START.plus(HOUR.multipliedBy(3)));
    now = START.plus(HOUR.multipliedBy(5));
    assertThat(jobs.schedules().preview("hourly", 2)).containsExactly(now, now.plus(HOUR));
    refused(() -> jobs.schedules().preview("hourly", 0), "preview must be of 1 to");
    refused(() -> jobs.schedules().preview("daily", 1), "no recurring job \"daily\"");
  }

  @Test
  void aPreviewLeavesOutWhatAPauseDrops() {
    jobs.recurring("hourly", every(HOUR), ARCHIVE, "all");
    Instant end = START.plus(HOUR.multipliedBy(10));
    jobs.schedules().pause("hourly", SchedulePause.of("anna", "moving").until(end));
    assertThat(jobs.schedules().preview("hourly", 2)).containsExactly(end, end.plus(HOUR));

    jobs.schedules().pause("hourly", SchedulePause.of("anna", "moving"));
    assertThat(jobs.schedules().preview("hourly", 2)).isEmpty();
    refused(() -> jobs.schedules().preview("hourly", 0), "preview must be of 1 to");
  }

  @Test
  void aPreviewOfADelayIsThatOfRunsThatTakeNoTime() {
    jobs.recurring("often", withDelay(HOUR), ARCHIVE, "all");

    assertThat(jobs.schedules().preview("often", 2))
        .containsExactly(START.plus(HOUR), START.plus(HOUR.multipliedBy(2)));
  }

  @Test
  void aPauseIsShownUntilItEnds() {
    jobs.recurring("hourly", every(HOUR), ARCHIVE, "all");
    SchedulePause pause = SchedulePause.of("anna", "moving");
    jobs.schedules().pause("hourly", pause);
    assertThat(found("hourly").pause()).contains(pause);
    assertThat(jobs.schedules().resume("hourly")).isTrue();
    assertThat(found("hourly").pause()).isEmpty();
    assertThat(jobs.schedules().resume("hourly")).isFalse();
    refused(() -> jobs.schedules().pause("daily", pause), "no recurring job \"daily\"");
    refused(() -> jobs.schedules().resume("daily"), "no recurring job \"daily\"");
  }

  @Test
  void itCanRunNowBesideItsFirings() {
    jobs.recurring("hourly", every(HOUR), ARCHIVE, "all");
    jobs.schedules().pause("hourly", SchedulePause.of("anna", ""));

    Enqueued first = jobs.schedules().runNow("hourly");
    Enqueued second = jobs.schedules().runNow("hourly");

    assertThat(first).isInstanceOf(Enqueued.Created.class);
    assertThat(second).as("the first has not ended").isEqualTo(new Enqueued.Existing(first.id()));
    Job job = jobs.find(first.id()).orElseThrow();
    assertThat(job.type()).isEqualTo("archive");
    assertThat(found("hourly").nextFiring()).contains(START.plus(HOUR));
    refused(() -> jobs.schedules().runNow("daily"), "no recurring job \"daily\"");
  }

  @Test
  void oneThatAllowsOverlapsCanRunNowAsOftenAsWished() {
    jobs.schedules()
        .save(RecurringJob.of("hourly", every(HOUR), ARCHIVE, "all").overlap(Overlap.ALLOW));

    assertThat(List.of(jobs.schedules().runNow("hourly"), jobs.schedules().runNow("hourly")))
        .allMatch(Enqueued.Created.class::isInstance);
  }

  @Test
  void whatIsDeletedIsGone() {
    jobs.recurring("hourly", every(HOUR), ARCHIVE, "all");

    assertThat(jobs.schedules().delete("hourly")).isTrue();
    assertThat(jobs.schedules().delete("hourly")).isFalse();
    assertThat(jobs.schedules().find("hourly")).isEmpty();
  }

  @Test
  void whatCannotBeKeptIsRefusedByName() {
    refused(
        () ->
            jobs.schedules()
                .save(
                    RecurringJob.of(
                        "safe", every(HOUR), ARCHIVE.request("a").durability(Durability.RELAXED))),
        "Recurring job \"safe\": durability must be DEFAULT");
    refused(() -> jobs.schedules().list(null, 0), "limit must be 1 to 10000");
    refused(
        () ->
            Jobs.builder()
                .store(store)
                .recurring(RecurringJob.of("twice", every(HOUR), ARCHIVE, "a"))
                .recurring(RecurringJob.of("twice", every(HOUR), ARCHIVE, "b"))
                .enqueueOnly(),
        "Two recurring jobs are named \"twice\"");
  }

  @Test
  void oneThatMovesToAnotherStoreLeavesTheFirst() {
    InMemoryJobStore other = InMemoryJobStore.of(() -> now);
    try (Jobs two = Jobs.builder().store(store).store("other", other, "far").enqueueOnly()) {
      two.schedules().save(RecurringJob.of("x", every(HOUR), ARCHIVE.request("a")));
      assertThat(store.schedules().find("x")).isPresent();
      two.schedules().save(RecurringJob.of("x", every(HOUR), ARCHIVE.request("a").queue("far")));

      assertThat(store.schedules().find("x")).isEmpty();
      assertThat(other.schedules().find("x")).isPresent();
      assertThat(two.schedules().list(null, 10))
          .extracting(ScheduleStatus::name)
          .containsExactly("x");
    }
  }

  @Test
  void whatAnApplicationDeclaresIsKeptFromItsStartAndStaysWhenItIsDeclaredNoMore() {
    RecurringJob<String> declared = RecurringJob.of("declared", every(HOUR), ARCHIVE, "all");
    Jobs.builder().store(store).recurring(declared).enqueueOnly().close();
    assertThat(found("declared").inCode()).isTrue();
    now = START.plusSeconds(60);
    Jobs.builder()
        .store(store)
        .recurring(RecurringJob.of("another", every(HOUR), ARCHIVE, "all"))
        .enqueueOnly()
        .close();

    assertThat(jobs.schedules().list(null, 10))
        .extracting(ScheduleStatus::name)
        .containsExactly("another", "declared");
  }

  /** What it says about itself. */
  static class Cleaner {
    final LinkedBlockingQueue<Instant> firings = new LinkedBlockingQueue<>();

    @JobHandler(type = "clean", queue = "night", version = 2)
    @Recurring(
        every = "1s",
        misfire = "SKIP",
        overlap = Overlap.ALLOW,
        jitter = "0s",
        description = "sweeps")
    void clean(JobContext context) {
      context.firing().ifPresent(firings::add);
    }
  }

  @Test
  void anAnnotatedMethodRunsAgainAndAgain() throws InterruptedException {
    Cleaner cleaner = new Cleaner();
    InMemoryJobStore living = InMemoryJobStore.create();
    try (Jobs running = Jobs.builder().store(living).handlers(cleaner).start()) {
      Instant first = cleaner.firings.poll(30, TimeUnit.SECONDS);
      Instant second = cleaner.firings.poll(30, TimeUnit.SECONDS);

      assertThat(first).isNotNull();
      assertThat(second).isEqualTo(first.plusSeconds(1));
      ScheduleStatus status = running.schedules().find("clean").orElseThrow();
      assertThat(status.spec()).isEqualTo("@every PT1S");
      assertThat(status.misfire()).isEqualTo("SKIP");
      assertThat(status.overlap()).isEqualTo("ALLOW");
      assertThat(status.queue()).isEqualTo(JobQueue.of("night"));
      assertThat(status.description()).contains("sweeps");
      assertThat(status.inCode()).isTrue();
    }
  }

  static class WithPayload {
    @JobHandler(type = "x")
    @Recurring(every = "1m")
    void run(String payload) {}
  }

  static class WithoutHandler {
    @JobHandler(type = "y")
    void run() {}

    @Recurring(every = "1m")
    void lost() {}
  }

  static class WithoutTime {
    @JobHandler(type = "x")
    @Recurring
    void run() {}
  }

  static class WithTwoTimes {
    @JobHandler(type = "x")
    @Recurring(every = "1m", cron = "* * * * *")
    void run() {}
  }

  @Test
  void wrongAnnotationsAreRefusedByTheMethod() {
    refused(
        () -> Jobs.builder().store(store).handlers(new WithPayload()).start(),
        "WithPayload.run takes a payload");
    refused(() -> Jobs.builder().handlers(new WithoutHandler()), "lost: it needs @JobHandler too");
    refused(() -> Jobs.builder().handlers(new WithoutTime()), "one of cron, every and delay");
    refused(() -> Jobs.builder().handlers(new WithTwoTimes()), "had 2");
  }

  @Test
  void anEncryptedPayloadIsKeptEncryptedAndRuns() throws InterruptedException {
    StaticKeyProvider keys = StaticKeyProvider.create().add(DataKey.of("k1", new byte[32]));
    InMemoryJobStore living = InMemoryJobStore.create();
    LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Jobs running =
            Jobs.builder()
                .store(living)
                .encryption(keys)
                .handler(ARCHIVE, (payload, context) -> seen.add(payload))
                .start();
        Jobs stranger =
            Jobs.builder()
                .store(living)
                .handler(JobType.of("other", String.class), (p, c) -> p)
                .start()) {
      running
          .schedules()
          .save(
              RecurringJob.of(
                  "secret",
                  every(Duration.ofSeconds(1)),
                  ARCHIVE.request("CANARY").tenant("acme")));

      Payload kept = living.schedules().find("secret").orElseThrow().definition().job().payload();
      assertThat(kept.codec()).isEqualTo("json+aes");
      assertThat(new String(kept.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("CANARY");
      assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("CANARY");
      assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("CANARY");
      assertThat(stranger.health().troubles()).isEmpty();
      Enqueued now = running.schedules().runNow("secret");
      assertThat(now.id()).isNotNull();
      assertThatThrownBy(() -> stranger.schedules().runNow("secret"))
          .hasMessageContaining("encrypted under key \"k1\"");
    }
  }

  @Test
  void anEncryptedPayloadDoesNotOpenUnderAnotherName() {
    StaticKeyProvider keys = StaticKeyProvider.create().add(DataKey.of("k1", new byte[32]));
    try (Jobs keyed = Jobs.builder().store(store).encryption(keys).enqueueOnly()) {
      keyed.recurring("mine", every(HOUR), ARCHIVE, "CANARY");
      keyed.recurring("other", every(HOUR), ARCHIVE, "other");
      ScheduleDefinition mine = store.schedules().find("mine").orElseThrow().definition();
      ScheduleDefinition other = store.schedules().find("other").orElseThrow().definition();
      store
          .schedules()
          .save(
              new ScheduleDefinition(
                  "other",
                  other.spec(),
                  other.zone(),
                  other.misfire(),
                  other.overlap(),
                  other.jitter(),
                  null,
                  false,
                  mine.job()),
              time -> Optional.empty());

      assertThat(keyed.schedules().runNow("mine")).isInstanceOf(Enqueued.Created.class);
      assertThatThrownBy(() -> keyed.schedules().runNow("other"))
          .hasMessageContaining("was not encrypted under key");
    }
  }
}
