package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store's clock alone counts, to the microsecond and in no zone. */
abstract class TimeCases extends StoreCases {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SLACK = Duration.ofMinutes(2);

  private Instant keptRunAt(Instant due) {
    NewJob job = NewJobs.job().at(due).build();
    insert(job);
    return job(job.id()).runAt();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2031-01-01T00:00:00.000001Z",
        "2031-06-15T12:34:56.789012Z",
        "2031-12-31T23:59:59.999999Z"
      })
  void anInstantIsKeptToTheMicrosecond(Instant due) {
    assertThat(keptRunAt(due)).isEqualTo(due);
  }

  @Test
  void finerThanAMicrosecondIsCutNotRounded() {
    assertThat(keptRunAt(Instant.parse("2031-01-01T00:00:00.000001999Z")))
        .isEqualTo(Instant.parse("2031-01-01T00:00:00.000001Z"));
  }

  @Test
  void theLastMicrosecondOfTheYear9999IsKept() {
    Instant last = Instant.parse("9999-12-31T23:59:59.999999Z");

    assertThat(keptRunAt(last)).isEqualTo(last);
    assertThat(claim(engine(), 10)).isEmpty();
  }

  /** Local times that do not exist or exist twice, in zones on both sides of the ocean. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2027-03-14T02:30:00Z",
        "2027-03-14T07:30:00Z",
        "2027-11-07T05:30:00Z",
        "2027-11-07T06:30:00Z",
        "2027-03-28T01:30:00Z",
        "2027-03-28T02:30:00Z",
        "2027-10-31T00:30:00Z",
        "2027-10-31T01:30:00Z"
      })
  void anInstantInAClockChangeIsKept(Instant due) {
    assertThat(keptRunAt(due)).isEqualTo(due);
  }

  @Test
  void aDelayCountsFromTheMomentOfStoring() {
    NewJob job = NewJobs.job().delay(Duration.ofHours(5)).build();
    insert(job);
    Job found = job(job.id());

    assertThat(found.runAt())
        .isBetween(
            found.createdAt().plus(Duration.ofHours(5)).minusMillis(1),
            found.createdAt().plus(Duration.ofHours(5)).plus(SLACK));
  }

  @Test
  void aDelayOfDecadesIsKept() {
    Duration decades = Duration.ofDays(365 * 50);
    NewJob job = NewJobs.job().delay(decades).build();
    insert(job);
    Job found = job(job.id());

    assertThat(found.runAt())
        .isBetween(
            found.createdAt().plus(decades).minusMillis(1),
            found.createdAt().plus(decades).plus(SLACK));
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void enqueueIsDatedByTheStore() {
    JobId first = insertOne();
    advance(DAY);
    JobId second = insertOne();

    assertThat(Duration.between(job(first).createdAt(), job(second).createdAt()))
        .isBetween(DAY, DAY.plus(SLACK));
  }

  @Test
  void theEndIsDatedByTheStore() {
    JobId id = insertOne();
    LeasedJob running = claimOne(engine());
    advance(DAY);
    settled(running, succeeded());

    assertThat(Duration.between(job(id).createdAt(), job(id).finishedAt().orElseThrow()))
        .isBetween(DAY, DAY.plus(SLACK));
  }

  @Test
  void aDeathIsDatedByTheStore() {
    JobId id = insertOne();
    LeasedJob running = claimOne(engine());
    advance(DAY);
    settled(running, new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    Instant died = records().deadLetters(QUEUE, null, 1).get(0).diedAt();
    assertThat(Duration.between(job(id).createdAt(), died)).isBetween(DAY, DAY.plus(SLACK));
    assertThat(job(id).finishedAt()).contains(died);
  }

  @Test
  void aFailedAttemptIsDatedByTheStore() {
    JobId id = insertOne();
    LeasedJob running = claimOne(engine());
    advance(DAY);
    settled(running, retry());

    Instant ended = records().attempts(id).get(0).endedAt();
    assertThat(Duration.between(job(id).createdAt(), ended)).isBetween(DAY, DAY.plus(SLACK));
  }

  @Test
  void aRetryIsDueByTheStore() {
    JobId id = insertOne();
    LeasedJob running = claimOne(engine());
    advance(DAY);
    settled(running, new Outcome.Retry(DAY, FAILURE));

    Instant due = job(id).createdAt().plus(DAY.multipliedBy(2));
    assertThat(job(id).runAt()).isBetween(due, due.plus(SLACK));
  }

  @Test
  void theDateOfEnqueueOutlivesTheEnd() {
    JobId id = insertOne();
    Instant created = job(id).createdAt();
    advance(DAY);
    settled(claimOne(engine()), succeeded());

    assertThat(job(id).createdAt()).isEqualTo(created);
  }
}
