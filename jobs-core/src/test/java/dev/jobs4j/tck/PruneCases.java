package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is kept no longer goes, and nothing else. */
abstract class PruneCases extends StoreCases {

  private static final Duration WEEK = Duration.ofDays(7);

  private void finish(int count) {
    insertMany(count);
    claim(engine(), count).forEach(job -> settled(job, succeeded()));
  }

  private long finished() {
    return records().count(QUEUE).getOrDefault(JobState.SUCCEEDED, 0L);
  }

  @Test
  void finishedJobsGoAfterTheirRetention() {
    finish(3);
    records().cancel(insertOne());
    advance(WEEK.plusMinutes(1));

    assertThat(prune(WEEK, 100)).isPositive();

    assertThat(records().count(QUEUE).values().stream().mapToLong(n -> n).sum()).isZero();
  }

  @Test
  void finishedJobsStayForTheirRetention() {
    finish(3);
    advance(WEEK.minusMinutes(2));

    assertThat(prune(WEEK, 100)).isZero();

    assertThat(finished()).isEqualTo(3);
  }

  @Test
  void retentionCountsFromTheEnd() {
    insertOne();
    EngineId engine = engine();
    LeasedJob running = claimOne(engine);
    advance(WEEK.multipliedBy(2));
    settled(running, succeeded());
    advance(WEEK.minusMinutes(2));

    prune(WEEK, 100);

    assertThat(finished()).isEqualTo(1);
  }

  @Test
  void deadLettersStay() {
    JobId id = insertOne();
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.REJECTED, FAILURE));
    advance(WEEK.multipliedBy(100));

    assertThat(prune(Duration.ZERO, 100)).isZero();

    assertThat(records().deadLetters(QUEUE, null, 10)).hasSize(1);
    assertThat(records().attempts(id)).hasSize(1);
  }

  @Test
  void liveJobsStay() {
    NewJob later = NewJobs.job().delay(WEEK.multipliedBy(200)).build();
    insert(later);
    JobId failed = insertOne();
    settled(claimOne(engine()), retry());
    JobId running = claimOne(engine()).id();
    JobId pending = insertOne();
    advance(WEEK.multipliedBy(100));

    assertThat(prune(Duration.ZERO, 100)).isZero();

    assertThat(running).isEqualTo(failed);
    assertThat(state(running)).isEqualTo(JobState.RUNNING);
    assertThat(records().attempts(running)).hasSize(1);
    assertThat(state(pending)).isEqualTo(JobState.PENDING);
    assertThat(state(later.id())).isEqualTo(JobState.PENDING);
  }

  @Test
  void attemptsAndResultsGoWithTheirJob() {
    JobId id = insertOne();
    settled(claimOne(engine()), retry());
    settled(claimOne(engine()), new Outcome.Succeeded(NewJobs.PAYLOAD));
    advance(WEEK);

    prune(Duration.ofDays(1), 100);

    assertThat(records().find(id)).isEmpty();
    assertThat(records().attempts(id)).isEmpty();
    assertThat(records().result(id)).isEmpty();
  }

  @Test
  void pruningGoesInBatches() {
    finish(5);
    advance(WEEK);

    prune(Duration.ofDays(1), 2);
    assertThat(finished()).isEqualTo(3);
    prune(Duration.ofDays(1), 2);
    assertThat(finished()).isEqualTo(1);
    prune(Duration.ofDays(1), 2);
    assertThat(finished()).isZero();
  }

  @Test
  void keysGoWhenTheirWindowIsOver() {
    insert(NewJobs.job().key("k", Duration.ofDays(30)).build());
    settled(claimOne(engine()), succeeded());
    advance(WEEK);
    assertThat(prune(Duration.ofDays(1), 100)).as("its job").isPositive();
    assertThat(prune(Duration.ofDays(1), 100)).as("its key is in its window").isZero();
    advance(Duration.ofDays(24));

    assertThat(prune(Duration.ofDays(1), 100)).as("its key").isPositive();
    assertThat(prune(Duration.ofDays(1), 100)).isZero();
  }

  @Test
  void aRequeuedJobIsNotPrunedForItsFormerEnd() {
    JobId id = insertOne();
    settled(claimOne(engine()), new Outcome.Cancelled());
    records().requeue(id);
    advance(WEEK);

    prune(Duration.ofDays(1), 100);

    assertThat(state(id)).isEqualTo(JobState.PENDING);
    assertThat(claimOne(engine()).id()).isEqualTo(id);
  }
}
