package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What each outcome makes of its job. */
abstract class SettleCases extends StoreCases {

  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void aSuccessEndsTheJob() {
    JobId id = insertOne();

    settled(claimOne(engine()), succeeded());

    Job job = job(id);
    assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(job.finishedAt()).isPresent();
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.deadReason()).isEmpty();
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aResultIsKept() {
    JobId id = insertOne();

    settled(claimOne(engine()), new Outcome.Succeeded(new Payload("cbor", new byte[] {4, 2})));

    Payload result = records().result(id).orElseThrow();
    assertThat(result.codec()).isEqualTo("cbor");
    assertThat(result.bytes()).containsExactly(4, 2);
  }

  @Test
  void aSuccessWithoutAResultHasNone() {
    JobId id = insertOne();

    settled(claimOne(engine()), succeeded());

    assertThat(records().result(id)).isEmpty();
  }

  @Test
  void aRetryIsNotClaimedBeforeItsDelay() {
    JobId id = insertOne();

    settled(claimOne(engine()), new Outcome.Retry(HOUR, FAILURE));
    advance(Duration.ofMinutes(58));

    assertThat(state(id)).isEqualTo(JobState.PENDING);
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aRetryIsTheNextAttempt() {
    insertOne();
    settled(claimOne(engine()), new Outcome.Retry(HOUR, FAILURE));
    advance(HOUR.plusSeconds(1));

    assertThat(claimOne(engine()).attempt()).isEqualTo(2);
  }

  @Test
  void aRetryDelayCountsFromItsSettlement() {
    insertOne();
    LeasedJob running = claimOne(engine());
    advance(HOUR);
    settled(running, new Outcome.Retry(Duration.ofMinutes(30), FAILURE));

    advance(Duration.ofMinutes(28));
    assertThat(claim(engine(), 10)).isEmpty();
    advance(Duration.ofMinutes(3));
    assertThat(claim(engine(), 10)).hasSize(1);
  }

  @Test
  void aFailureIsKeptInItsOwnWords() {
    JobId id = insertOne();
    LeasedJob running = claimOne(engine());
    Failure failure = new Failure("com.example.Broken", "line 1\nline 2", "at A.b(A.java:7)\n");

    settled(running, new Outcome.Retry(HOUR, failure));

    assertThat(job(id).lastFailure()).contains(failure);
    AttemptRecord attempt = records().attempts(id).get(0);
    assertThat(attempt.attempt()).isEqualTo(1);
    assertThat(attempt.token()).isEqualTo(lease(running).token());
    assertThat(attempt.failure()).contains(failure);
  }

  @Test
  void aRetryAtTheLastAllowedAttemptIsADeadLetter() {
    NewJob job = NewJobs.job().maxAttempts(2).build();
    insert(job);
    settled(claimOne(engine()), retry());
    assertThat(state(job.id())).isEqualTo(JobState.PENDING);

    settled(claimOne(engine()), retry());

    assertThat(state(job.id())).isEqualTo(JobState.DEAD);
    assertThat(job(job.id()).deadReason()).contains(DeadReason.EXHAUSTED);
    assertThat(job(job.id()).lastFailure()).contains(FAILURE);
    assertThat(records().attempts(job.id())).hasSize(2);
  }

  @Test
  void withoutALimitTheStoreNeverGivesUp() {
    JobId id = insertOne();
    EngineId engine = engine();
    for (int i = 1; i <= 12; i++) {
      settled(claimOne(engine), retry());
    }
    assertThat(state(id)).isEqualTo(JobState.PENDING);
    assertThat(job(id).attempt()).isEqualTo(12);
  }

  @Test
  void aSnoozeWaitsAndSpendsNoAttempt() {
    JobId id = insertOne();
    settled(claimOne(engine()), new Outcome.Snoozed(HOUR));
    assertThat(job(id).attempt()).isZero();
    advance(Duration.ofMinutes(58));
    assertThat(claim(engine(), 10)).isEmpty();

    advance(Duration.ofMinutes(3));

    assertThat(claimOne(engine()).attempt()).isEqualTo(1);
  }

  @Test
  void aReleaseIsDueAtOnceAndSpendsNoAttempt() {
    JobId id = insertOne();
    settled(claimOne(engine()), new Outcome.Released());
    assertThat(job(id).attempt()).isZero();

    assertThat(claimOne(engine()).attempt()).isEqualTo(1);
  }

  @Test
  void snoozesAndReleasesAreNoFailures() {
    NewJob job = NewJobs.job().maxAttempts(1).build();
    insert(job);
    EngineId engine = engine();
    for (int i = 0; i < 3; i++) {
      settled(claimOne(engine), new Outcome.Snoozed(Duration.ZERO));
      settled(claimOne(engine), new Outcome.Released());
    }
    assertThat(state(job.id())).isEqualTo(JobState.PENDING);
    assertThat(job(job.id()).lastFailure()).isEmpty();
    assertThat(records().attempts(job.id())).isEmpty();
  }

  @Test
  void aJobThatIsGivenUpIsADeadLetter() {
    JobId id = insertOne();

    settled(claimOne(engine()), new Outcome.Dead(DeadReason.DECODE, FAILURE));

    Job job = job(id);
    assertThat(job.state()).isEqualTo(JobState.DEAD);
    assertThat(job.deadReason()).contains(DeadReason.DECODE);
    assertThat(job.lastFailure()).contains(FAILURE);
    assertThat(job.finishedAt()).isPresent();
    assertThat(records().attempts(id)).hasSize(1);
    assertThat(records().deadLetters(QUEUE, null, 10)).hasSize(1);
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aJobThatIsCalledOffByItsHolderIsCancelled() {
    JobId id = insertOne();

    settled(claimOne(engine()), new Outcome.Cancelled());

    assertThat(state(id)).isEqualTo(JobState.CANCELLED);
    assertThat(job(id).finishedAt()).isPresent();
    assertThat(records().deadLetters(QUEUE, null, 10)).isEmpty();
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aSettledLeaseIsNoLongerHeld() {
    EngineId engine = engine();
    insertMany(6);
    List<LeasedJob> jobs = claim(engine, 6);

    store.settle(everyOutcome(jobs));

    assertThat(store.held(engine)).isEmpty();
  }

  @Test
  void everyOutcomeOfABatchIsApplied() {
    insertMany(6);
    List<LeasedJob> jobs = claim(engine(), 6);

    assertThat(store.settle(everyOutcome(jobs))).isEmpty();

    assertThat(jobs.stream().map(job -> state(job.id())))
        .containsExactly(
            JobState.SUCCEEDED,
            JobState.PENDING,
            JobState.PENDING,
            JobState.DEAD,
            JobState.CANCELLED,
            JobState.PENDING);
  }

  private static List<Settlement> everyOutcome(List<LeasedJob> jobs) {
    return List.of(
        new Settlement(jobs.get(0).lease(), succeeded()),
        new Settlement(jobs.get(1).lease(), retry()),
        new Settlement(jobs.get(2).lease(), new Outcome.Snoozed(Duration.ZERO)),
        new Settlement(jobs.get(3).lease(), new Outcome.Dead(DeadReason.REJECTED, FAILURE)),
        new Settlement(jobs.get(4).lease(), new Outcome.Cancelled()),
        new Settlement(jobs.get(5).lease(), new Outcome.Released()));
  }

  @Test
  void hundredsOfOutcomesAreAppliedAtOnce() {
    insertMany(600);
    List<LeasedJob> jobs = claim(engine(), 600);

    List<Settlement> all =
        jobs.stream().map(job -> new Settlement(job.lease(), succeeded())).toList();
    assertThat(store.settle(all)).isEmpty();

    assertThat(records().count(QUEUE)).containsEntry(JobState.SUCCEEDED, 600L);
  }

  @Test
  void aLostLeaseIsNamedAndStopsNoOther() {
    insertMany(5);
    List<LeasedJob> jobs = claim(engine(), 5);
    settled(jobs.get(2), new Outcome.Cancelled());

    assertThat(
            store.settle(
                jobs.stream().map(job -> new Settlement(job.lease(), succeeded())).toList()))
        .containsExactly(lease(jobs.get(2)));

    assertThat(jobs.stream().filter(job -> state(job.id()) == JobState.SUCCEEDED)).hasSize(4);
    assertThat(state(jobs.get(2).id())).isEqualTo(JobState.CANCELLED);
  }

  /** Nothing between: it is settled or it still runs under its token; the others are settled. */
  @Test
  void anOutcomeThatCannotBeKeptStopsNoOther() {
    insertMany(3);
    List<LeasedJob> jobs = claim(engine(), 3);
    Payload odd = new Payload("c".repeat(100_000), new byte[0]);

    try {
      settleAll(
          new Settlement(jobs.get(0).lease(), succeeded()),
          new Settlement(jobs.get(1).lease(), new Outcome.Succeeded(odd)),
          new Settlement(jobs.get(2).lease(), new Outcome.Cancelled()));
    } catch (JobException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }

    assertThat(state(jobs.get(0).id())).isEqualTo(JobState.SUCCEEDED);
    assertThat(state(jobs.get(2).id())).isEqualTo(JobState.CANCELLED);
    Job bad = job(jobs.get(1).id());
    assertThat(bad.state()).isIn(JobState.SUCCEEDED, JobState.RUNNING);
    assertThat(bad.token()).isEqualTo(lease(jobs.get(1)).token());
  }

  @Test
  void aLeaseSettledTwiceInOneBatchCountsOnce() {
    insertMany(2);
    List<LeasedJob> jobs = claim(engine(), 2);

    settleAll(
        new Settlement(jobs.get(0).lease(), retry()),
        new Settlement(jobs.get(1).lease(), succeeded()),
        new Settlement(jobs.get(0).lease(), retry()));

    assertThat(state(jobs.get(0).id())).isEqualTo(JobState.PENDING);
    assertThat(records().attempts(jobs.get(0).id())).hasSize(1);
    assertThat(state(jobs.get(1).id())).isEqualTo(JobState.SUCCEEDED);
    assertThat(claimOne(engine()).attempt()).isEqualTo(2);
  }

  @Test
  void theLeaseOfAnUnknownJobIsLost() {
    TokenLease unknown = new TokenLease(new JobId(UUID.randomUUID()), 1);

    assertThat(settleAll(new Settlement(unknown, succeeded()))).containsExactly(unknown);
    assertThat(records().find(unknown.id())).isEmpty();
  }

  @Test
  void anEmptySettlementLosesNothing() {
    assertThat(store.settle(List.of())).isEmpty();
    assertThat(store.settled(List.of())).isEmpty();
  }

  @Test
  void whatItsHolderSettledCanBeAskedFor() {
    insertMany(6);
    List<LeasedJob> jobs = claim(engine(), 6);
    List<TokenLease> leases = jobs.stream().map(StoreCases::lease).toList();
    assertThat(store.settled(leases)).as("all running").isEmpty();

    store.settle(everyOutcome(jobs));

    assertThat(open().settled(leases)).containsExactlyInAnyOrderElementsOf(leases);
  }

  @Test
  void whatWasTakenBackWasNotSettled() {
    insertMany(2);
    EngineId engine = engine();
    List<LeasedJob> jobs = claim(engine, 2);
    settled(jobs.get(0), retry());
    expireEngines();
    reap();

    assertThat(store.settled(List.of(lease(jobs.get(0)), lease(jobs.get(1)))))
        .containsExactly(lease(jobs.get(0)));
  }

  @Test
  void whatIsUnknownWasNotSettled() {
    assertThat(store.settled(List.of(new TokenLease(new JobId(UUID.randomUUID()), 1)))).isEmpty();
  }
}
