package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A job that ran on an engine that died runs apart, and only then does its crash count. */
abstract class SuspectCases extends StoreCases {

  private List<JobId> suspects(int count) {
    List<JobId> ids = insertMany(count);
    claim(engine(), count);
    expireEngines();
    assertThat(reap().returned()).hasSize(count);
    return ids;
  }

  private JobId suspect() {
    return suspects(1).get(0);
  }

  /** Lets the engine that runs it die. */
  private Reaped crash(JobId id, int maxCrashes) {
    LeasedJob running = claimOne(engine());
    assertThat(running.id()).isEqualTo(id);
    expireEngines();
    return store.reap(new ReapRequest(GRACE, 100, maxCrashes));
  }

  private List<LeasedJob> claimOrdinary(int limit) {
    return store.claim(
        new ClaimRequest(
            engine(), UUID.randomUUID(), QUEUE, Map.of(NewJobs.TYPE, 1), limit, false));
  }

  @Test
  void aJobTakenFromADeadEngineIsASuspectWithoutACrash() {
    Job job = job(suspect());

    assertThat(job.suspect()).isTrue();
    assertThat(job.crashes()).isZero();
    assertThat(claimOne(engine()).suspect()).isTrue();
  }

  @Test
  void aSuspectIsGivenOnlyWhenItIsAskedFor() {
    suspect();

    assertThat(claimOrdinary(10)).isEmpty();
    assertThat(claim(engine(), 10)).hasSize(1);
  }

  @Test
  void aClaimGivesAtMostOneSuspect() {
    suspects(3);
    insertMany(2);

    List<LeasedJob> given = claim(engine(), 10);

    assertThat(given).hasSize(3);
    assertThat(given.stream().filter(LeasedJob::suspect)).hasSize(1);
  }

  @Test
  void aSuspectHoldsNoOrdinaryJobUp() {
    suspects(3);
    JobId ordinary = insertOne();

    assertThat(claimOrdinary(10).stream().map(LeasedJob::id)).containsExactly(ordinary);
  }

  @Test
  void aSuspectThatTakesItsEngineDownCountsACrash() {
    JobId id = suspect();

    assertThat(crash(id, 3).returned()).containsExactly(id);

    assertThat(job(id).crashes()).isEqualTo(1);
    assertThat(job(id).suspect()).isTrue();
    assertThat(job(id).state()).isEqualTo(JobState.PENDING);
  }

  @Test
  void tooManyCrashesMakeADeadLetter() {
    JobId id = suspect();
    crash(id, 2);
    crash(id, 2);
    assertThat(state(id)).isEqualTo(JobState.PENDING);

    Reaped last = crash(id, 2);

    assertThat(last.dead()).containsExactly(id);
    assertThat(last.returned()).isEmpty();
    assertThat(job(id).deadReason()).contains(DeadReason.CRASH_LOOP);
    assertThat(records().deadLetters(QUEUE, null, 10).get(0).reason())
        .isEqualTo(DeadReason.CRASH_LOOP);
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void withoutPatienceTheFirstCrashIsFatal() {
    JobId id = suspect();

    assertThat(crash(id, 0).dead()).containsExactly(id);
  }

  @Test
  void crashesSpendNoAttempt() {
    NewJob job = NewJobs.job().maxAttempts(1).build();
    insert(job);
    for (int i = 0; i < 3; i++) {
      assertThat(crash(job.id(), 5).returned()).containsExactly(job.id());
    }
    assertThat(job(job.id()).attempt()).isZero();
    assertThat(claimOne(engine()).attempt()).isEqualTo(1);
  }

  @Test
  void aCrashIsRememberedWithoutAFailure() {
    JobId id = suspect();
    LeasedJob running = claimOne(engine());
    expireEngines();
    reap();

    assertThat(records().attempts(id))
        .filteredOn(attempt -> attempt.token() == lease(running).token())
        .extracting(AttemptRecord::failure)
        .containsExactly(Optional.empty());
  }

  @Test
  void aRetryClearsASuspect() {
    JobId id = suspect();

    settled(claimOne(engine()), retry());

    assertThat(job(id).suspect()).isFalse();
    assertThat(claimOrdinary(10)).hasSize(1);
  }

  @Test
  void aSnoozeClearsASuspect() {
    JobId id = suspect();

    settled(claimOne(engine()), new Outcome.Snoozed(Duration.ZERO));

    assertThat(job(id).suspect()).isFalse();
    assertThat(claimOrdinary(10)).hasSize(1);
  }

  @Test
  void aReleaseKeepsASuspect() {
    JobId id = suspect();

    settled(claimOne(engine()), new Outcome.Released());

    assertThat(job(id).suspect()).isTrue();
    assertThat(claimOrdinary(10)).isEmpty();
  }

  @Test
  void aLeavingEngineKeepsASuspectAndCountsNoCrash() {
    JobId id = suspect();
    EngineId engine = engine();
    claimOne(engine);

    store.retire(engine);

    assertThat(job(id).suspect()).isTrue();
    assertThat(job(id).crashes()).isZero();
    assertThat(claimOrdinary(10)).isEmpty();
  }

  @Test
  void aRequeueForgetsCrashes() {
    JobId id = suspect();
    crash(id, 0);

    assertThat(records().requeue(id)).isTrue();

    assertThat(job(id).crashes()).isZero();
    assertThat(claim(engine(), 10)).hasSize(1);
  }
}
