package dev.jobs4j.api.schedule;

import static dev.jobs4j.api.schedule.Schedule.cron;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Priority;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecurringJobTest {

  private static final JobType<String> ARCHIVE = JobType.of("archive", String.class);
  private static final Schedule NIGHTLY = cron("0 3 * * *", ZoneId.of("Europe/Moscow"));
  private static final JobId ID =
      new JobId(UUID.fromString("01890000-0000-7000-8000-000000000001"));

  @Test
  void whatIsNotSaidIsCautious() {
    RecurringJob<String> job = RecurringJob.of("nightly-archive", NIGHTLY, ARCHIVE, "all");
    assertThat(job.name()).isEqualTo("nightly-archive");
    assertThat(job.schedule()).isEqualTo(NIGHTLY);
    assertThat(job.request().type()).isEqualTo(ARCHIVE);
    assertThat(job.request().payload()).isEqualTo("all");
    assertThat(job.misfire()).isEqualTo(Misfire.RUN_ONCE);
    assertThat(job.overlap()).isEqualTo(Overlap.SKIP);
    assertThat(job.jitter()).isZero();
    assertThat(job.description()).isEmpty();
  }

  @Test
  void eachMethodReturnsAChangedCopy() {
    JobRequest<String> request =
        ARCHIVE
            .request("all")
            .queue("bulk")
            .priority(Priority.LOW)
            .expireAfter(Duration.ofHours(1));
    RecurringJob<String> plain = RecurringJob.of("a", NIGHTLY, request);
    RecurringJob<String> job =
        plain
            .misfire(Misfire.runAll(7))
            .overlap(Overlap.QUEUE)
            .jitter(Duration.ofMinutes(5))
            .description("moves what is old");
    assertThat(job.name()).isEqualTo("a");
    assertThat(job.schedule()).isEqualTo(NIGHTLY);
    assertThat(job.request()).isSameAs(request);
    assertThat(job.misfire()).isEqualTo(Misfire.runAll(7));
    assertThat(job.overlap()).isEqualTo(Overlap.QUEUE);
    assertThat(job.jitter()).isEqualTo(Duration.ofMinutes(5));
    assertThat(job.description()).contains("moves what is old");
    assertThat(plain.misfire()).isEqualTo(Misfire.RUN_ONCE);
    assertThat(plain.overlap()).isEqualTo(Overlap.SKIP);
    assertThat(plain.jitter()).isZero();
    assertThat(plain.description()).isEmpty();
  }

  @Test
  void anotherRequestChangesNothingElse() {
    RecurringJob<String> plain =
        RecurringJob.of("a", NIGHTLY, ARCHIVE, "all")
            .misfire(Misfire.runAll(7))
            .overlap(Overlap.QUEUE)
            .jitter(Duration.ofMinutes(5))
            .description("moves what is old");
    JobRequest<String> request = ARCHIVE.request("some").queue("bulk");
    assertThat(plain.request(request))
        .usingRecursiveComparison()
        .isEqualTo(
            RecurringJob.of("a", NIGHTLY, request)
                .misfire(Misfire.runAll(7))
                .overlap(Overlap.QUEUE)
                .jitter(Duration.ofMinutes(5))
                .description("moves what is old"));
    assertThat(plain.request().payload()).isEqualTo("all");
  }

  @Test
  void itsTextShowsNoPayload() {
    assertThat(RecurringJob.of("nightly", NIGHTLY, ARCHIVE, "secret"))
        .hasToString("nightly: 0 3 * * * Europe/Moscow archive");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-a", "a b", "\u00e4", "a\n"})
  void aNameIsPlain(String name) {
    assertThatThrownBy(() -> RecurringJob.of(name, NIGHTLY, ARCHIVE, "all"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("recurring job's name must be 1 to 120");
  }

  @Test
  void aNameHasAtMost120Characters() {
    assertThat(RecurringJob.of("a".repeat(120), NIGHTLY, ARCHIVE, "all").name()).hasSize(120);
    assertThatThrownBy(() -> RecurringJob.of("a".repeat(121), NIGHTLY, ARCHIVE, "all"))
        .isInstanceOf(InvalidJobException.class);
  }

  @Test
  void whatTheScheduleSaysTheRequestMayNot() {
    JobRequest<String> request = ARCHIVE.request("all");
    refused(request.id(ID), "no id");
    refused(request.delay(Duration.ofSeconds(1)), "no delay or instant");
    refused(request.at(Instant.EPOCH), "no delay or instant");
    refused(request.uniqueKey("k"), "no uniqueKey");
    refused(request.expireAt(Instant.EPOCH), "no expireAt");
    refused(request.after(ID), "no after");
  }

  private static void refused(JobRequest<String> request, String message) {
    RecurringJob<String> other = RecurringJob.of("nightly", NIGHTLY, ARCHIVE, "all");
    List<ThrowingCallable> ways =
        List.of(() -> RecurringJob.of("nightly", NIGHTLY, request), () -> other.request(request));
    for (ThrowingCallable way : ways) {
      assertThatThrownBy(way)
          .isInstanceOf(InvalidJobException.class)
          .hasMessage("the request of recurring job \"nightly\" must have " + message);
    }
  }

  @Test
  void jitterIsUpToADay() {
    RecurringJob<String> job = RecurringJob.of("nightly", NIGHTLY, ARCHIVE, "all");
    assertThat(job.jitter(Duration.ofDays(1)).jitter()).isEqualTo(Duration.ofDays(1));
    for (Duration jitter : new Duration[] {Duration.ofNanos(-1), Duration.ofDays(1).plusNanos(1)}) {
      assertThatThrownBy(() -> job.jitter(jitter))
          .isInstanceOf(InvalidJobException.class)
          .hasMessage("jitter must be 0 to PT24H, was " + jitter);
    }
  }

  @Test
  void aDescriptionHasUpTo500Characters() {
    RecurringJob<String> job = RecurringJob.of("nightly", NIGHTLY, ARCHIVE, "all");
    assertThat(job.description("d".repeat(500)).description()).hasValue("d".repeat(500));
    for (String description : new String[] {"", " ", "d".repeat(501), "a\0b", "\0"}) {
      assertThatThrownBy(() -> job.description(description))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("description must have 1 to 500 characters and no NUL");
    }
  }
}
