package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How jobs come back from engines that died. */
abstract class ReapCases extends StoreCases {

  @Test
  void theJobsOfADeadEngineAreClaimableAgain() {
    List<JobId> ids = insertMany(3);
    claim(engine(), 3);
    expireEngines();

    assertThat(reap().returned()).containsExactlyInAnyOrderElementsOf(ids);

    EngineId next = engine();
    for (int i = 0; i < 3; i++) {
      LeasedJob job = claimOne(next);
      assertThat(ids).contains(job.id());
      settled(job, succeeded());
    }
  }

  @Test
  void aTakeoverSpendsNoAttempt() {
    JobId id = insertOne();
    claimOne(engine());
    expireEngines();
    reap();

    assertThat(job(id).attempt()).isZero();
    assertThat(claimOne(engine()).attempt()).isEqualTo(1);
  }

  @Test
  void aTakeoverRaisesTheToken() {
    insertOne();
    LeasedJob old = claimOne(engine());
    expireEngines();
    reap();

    assertThat(job(old.id()).token()).isGreaterThan(lease(old).token());
  }

  @Test
  void aTakeoverEmptiesTheBooksOfTheEngine() {
    insertMany(3);
    EngineId engine = engine();
    claim(engine, 3);
    expireEngines();
    reap();

    assertThat(store.held(engine)).isEmpty();
  }

  @Test
  void anIdleEngineIsFencedToo() {
    EngineId idle = engine();
    expireEngines();

    assertThat(reap().fenced()).containsExactly(idle);
  }

  @Test
  void anEngineIsDeclaredDeadOnce() {
    insertMany(3);
    EngineId engine = engine();
    claim(engine, 3);
    expireEngines();
    ReapRequest byOne = new ReapRequest(GRACE, 1, 3);

    assertThat(store.reap(byOne).fenced()).containsExactly(engine);
    assertThat(store.reap(byOne).fenced()).isEmpty();
    assertThat(store.reap(byOne).fenced()).isEmpty();
  }

  @Test
  void manyJobsAreTakenBackInBatches() {
    List<JobId> ids = insertMany(7);
    claim(engine(), 4);
    claim(engine(), 3);
    expireEngines();
    List<JobId> returned = new ArrayList<>();
    Reaped batch;
    int calls = 0;
    do {
      batch = store.reap(new ReapRequest(GRACE, 2, 3));
      assertThat(batch.returned()).hasSizeLessThanOrEqualTo(2);
      returned.addAll(batch.returned());
      calls++;
    } while (batch.more() && calls < 20);

    assertThat(returned).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void aTakeoverThatIsDoneSaysSo() {
    insertMany(3);
    claim(engine(), 3);
    expireEngines();

    assertThat(reap().more()).isFalse();
    Reaped nothing = reap();

    assertThat(nothing.isEmpty()).isTrue();
    assertThat(nothing.more()).isFalse();
  }

  @Test
  void aTakeoverThatIsNotDoneSaysSo() {
    insertMany(3);
    claim(engine(), 3);
    expireEngines();

    assertThat(store.reap(new ReapRequest(GRACE, 2, 3)).more()).isTrue();
  }

  @Test
  void aJobThatWasAskedToEndEndsWithItsEngine() {
    insertMany(2);
    List<LeasedJob> jobs = claim(engine(), 2);
    JobId asked = jobs.get(0).id();
    records().cancel(asked);
    expireEngines();

    Reaped reaped = reap();

    assertThat(reaped.cancelled()).containsExactly(asked);
    assertThat(reaped.returned()).containsExactly(jobs.get(1).id());
    assertThat(state(asked)).isEqualTo(JobState.CANCELLED);
    assertThat(store.settled(List.of(lease(jobs.get(0))))).as("not by its holder").isEmpty();
  }

  @Test
  void eachEngineHasALeaseOfItsOwnLength() {
    EngineId brief = engine();
    EngineId lasting = new EngineId(UUID.randomUUID());
    store.register(
        new EngineInfo(lasting, "node", "0.1", LEASE.multipliedBy(10), Map.of(), Map.of()));
    expireEngines();

    assertThat(reap().fenced()).containsExactly(brief);
    assertThat(store.renew(lasting)).isPresent();
  }

  @Test
  void aReapTellsWhenTheNextLeaseEnds() {
    engine();
    advance(Duration.ofMinutes(1));
    EngineId lasting = new EngineId(UUID.randomUUID());
    store.register(
        new EngineInfo(lasting, "node", "0.1", LEASE.multipliedBy(10), Map.of(), Map.of()));
    Duration expected = LEASE.plus(GRACE).minusMinutes(1);

    assertThat(reap().nextEnd().orElseThrow())
        .isBetween(expected.minusSeconds(30), expected.plusMillis(1));
  }

  @Test
  void aRenewedLeaseEndsLater() {
    EngineId engine = engine();
    advance(Duration.ofMinutes(5));
    store.renew(engine);

    assertThat(reap().nextEnd().orElseThrow())
        .isBetween(LEASE.plus(GRACE).minusSeconds(30), LEASE.plus(GRACE).plusMillis(1));
  }

  @Test
  void whereNobodyLivesNoLeaseEnds() {
    engine();
    expireEngines();

    assertThat(reap().nextEnd()).as("its only engine is fenced").isEmpty();
    assertThat(reap().nextEnd()).isEmpty();
  }

  @Test
  void whatDoesNotRunIsNotTouched() {
    NewJob later = NewJobs.job().delay(Duration.ofDays(1)).build();
    insert(later);
    JobId given = insertOne();
    settled(claimOne(engine()), retry());
    Job before = job(given);
    expireEngines();

    assertThat(reap().returned()).isEmpty();

    assertThat(job(given).token()).isEqualTo(before.token());
    assertThat(job(given).attempt()).isEqualTo(1);
    assertThat(job(later.id()).token()).isZero();
    assertThat(job(later.id()).suspect()).isFalse();
  }

  @Test
  void aLivingEngineIsNotReaped() {
    insertOne();
    EngineId engine = engine();
    LeasedJob running = claimOne(engine);

    assertThat(reap().isEmpty()).isTrue();

    settled(running, succeeded());
  }
}
