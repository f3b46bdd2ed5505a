package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** One lease for each engine: who is alive, who is fenced for ever, who leaves in order. */
abstract class EngineLeaseCases extends StoreCases {

  private static final Duration MOST = LEASE.plus(GRACE).minusMinutes(1);

  @Test
  void anEngineThatNeverRegisteredGetsNothing() {
    insertOne();
    EngineId unknown = new EngineId(UUID.randomUUID());

    assertThat(claim(unknown, 10)).isEmpty();
    assertThat(store.renew(unknown)).isEmpty();
    assertThat(store.claimed(unknown, UUID.randomUUID())).isEmpty();
  }

  @Test
  void aRegisteredEngineIsAliveOnAllNodes() {
    insertOne();
    EngineId engine = engine();

    assertThat(open().renew(engine)).contains(new Mailbox(List.of()));
    assertThat(open().claim(claimOf(engine, 10))).hasSize(1);
  }

  @Test
  void aRenewalExtendsTheLease() {
    EngineId engine = engine();
    for (int i = 0; i < 3; i++) {
      advance(MOST);
      assertThat(store.renew(engine)).isPresent();
    }
    advance(MOST);

    assertThat(reap().fenced()).isEmpty();
  }

  @Test
  void aLeaseIsLeftAloneUntilItsGraceIsOver() {
    EngineId engine = engine();
    insertOne();
    claimOne(engine);

    advance(MOST);
    assertThat(reap().isEmpty()).isTrue();
    advance(Duration.ofMinutes(2));
    assertThat(reap().fenced()).containsExactly(engine);
  }

  @Test
  void withoutGraceALeaseLastsAsLongAsItSays() {
    EngineId engine = engine();
    ReapRequest atOnce = new ReapRequest(Duration.ZERO, 100, 3);

    advance(LEASE.minusMinutes(1));
    assertThat(store.reap(atOnce).isEmpty()).isTrue();
    advance(Duration.ofMinutes(2));
    assertThat(store.reap(atOnce).fenced()).containsExactly(engine);
  }

  @Test
  void anExpiredEngineThatRenewsBeforeItIsReapedLivesOn() {
    EngineId engine = engine();
    insertOne();
    claimOne(engine);
    expireEngines();

    assertThat(store.renew(engine)).isPresent();

    assertThat(reap().isEmpty()).isTrue();
    assertThat(store.held(engine)).hasSize(1);
  }

  @Test
  void anExpiredEngineSettlesUntilItIsReaped() {
    insertOne();
    LeasedJob running = claimOne(engine());
    expireEngines();

    settled(running, succeeded());

    assertThat(state(running.id())).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void aFencedEngineSettlesWhatWasNotTakenFromItYet() {
    insertMany(2);
    List<LeasedJob> jobs = claim(engine(), 2);
    expireEngines();
    JobId taken = store.reap(new ReapRequest(GRACE, 1, 3)).returned().get(0);
    LeasedJob left = jobs.stream().filter(job -> !job.id().equals(taken)).findAny().orElseThrow();

    settled(left, succeeded());

    assertThat(state(left.id())).isEqualTo(JobState.SUCCEEDED);
    assertThat(state(taken)).isEqualTo(JobState.PENDING);
  }

  @Test
  void aFencedEngineGetsNothing() {
    EngineId engine = engine();
    expireEngines();
    reap();
    insertOne();

    assertThat(claim(engine, 10)).isEmpty();
  }

  @Test
  void aFencedEngineIsFencedForEver() {
    EngineId engine = engine();
    expireEngines();
    reap();

    assertThat(store.renew(engine)).isEmpty();
    advance(Duration.ofDays(1));
    assertThat(store.renew(engine)).isEmpty();
    assertThat(open().renew(engine)).isEmpty();
  }

  /** While something names it, its entry stands and its id cannot come back to life. */
  @Test
  void aFencedEngineWithJobsIsAsDeadAsOneWithout() {
    insertMany(2);
    EngineId engine = engine();
    claim(engine, 2);
    expireEngines();
    store.reap(new ReapRequest(GRACE, 1, 3));

    assertThat(store.renew(engine)).isEmpty();
    assertThat(claim(engine, 10)).isEmpty();
    assertThatThrownBy(() -> register(engine)).isInstanceOf(JobException.class);
    assertThat(store.renew(engine)).isEmpty();
  }

  @Test
  void anEngineIdIsUsedOnce() {
    insertOne();
    EngineId engine = engine();
    LeasedJob running = claimOne(engine);

    assertThatThrownBy(() -> register(engine)).isInstanceOf(JobException.class);

    assertThat(store.held(engine)).containsExactly(lease(running));
    assertThat(store.renew(engine)).isPresent();
  }

  @Test
  void oneDeadEngineDoesNotHarmAnother() {
    insertMany(2);
    EngineId dead = engine();
    EngineId alive = engine();
    claim(dead, 1);
    JobId safe = claim(alive, 1).get(0).id();
    advance(MOST);
    store.renew(alive);
    advance(MOST);

    Reaped reaped = reap();

    assertThat(reaped.fenced()).containsExactly(dead);
    assertThat(reaped.returned()).doesNotContain(safe);
    assertThat(store.held(alive)).hasSize(1);
    assertThat(store.renew(alive)).isPresent();
  }

  @Test
  void aRequestToEndReachesTheHolderAtItsRenewal() {
    EngineId engine = engine();
    insertMany(2);
    LeasedJob asked = claim(engine, 2).get(0);
    records().cancel(asked.id());

    assertThat(store.renew(engine)).contains(new Mailbox(List.of(lease(asked))));
  }

  /** The reply of a renewal may be lost, so what it tells is a state, not a message. */
  @Test
  void aRequestToEndIsToldUntilTheJobEnds() {
    EngineId engine = engine();
    insertOne();
    LeasedJob asked = claimOne(engine);
    records().cancel(asked.id());
    store.renew(engine);

    assertThat(store.renew(engine)).contains(new Mailbox(List.of(lease(asked))));
    settled(asked, new Outcome.Cancelled());
    assertThat(store.renew(engine)).contains(new Mailbox(List.of()));
  }

  @Test
  void aRequestToEndIsToldToItsHolderAlone() {
    EngineId engine = engine();
    EngineId other = engine();
    insertOne();
    records().cancel(claimOne(engine).id());

    assertThat(store.renew(other)).contains(new Mailbox(List.of()));
  }

  @Test
  void aLeavingEngineGivesItsJobsBackUncounted() {
    JobId id = insertOne();
    EngineId engine = engine();
    claimOne(engine);

    store.retire(engine);

    Job job = job(id);
    assertThat(job.state()).isEqualTo(JobState.PENDING);
    assertThat(job.attempt()).isZero();
    assertThat(job.crashes()).isZero();
    assertThat(job.suspect()).isFalse();
    assertThat(claimOne(engine()).attempt()).isEqualTo(1);
  }

  @Test
  void aLeavingEngineIsFenced() {
    EngineId engine = engine();
    insertOne();

    store.retire(engine);

    assertThat(store.renew(engine)).isEmpty();
    assertThat(claim(engine, 10)).isEmpty();
  }

  @Test
  void aLeavingEngineTakesNoOtherWithIt() {
    insertMany(2);
    EngineId leaving = engine();
    EngineId staying = engine();
    claim(leaving, 1);
    claim(staying, 1);

    store.retire(leaving);

    assertThat(store.held(staying)).hasSize(1);
    assertThat(store.renew(staying)).isPresent();
    assertThat(records().count(QUEUE)).containsEntry(JobState.RUNNING, 1L);
  }

  @Test
  void whatALeavingEngineGivesBackWasNotSettled() {
    insertOne();
    EngineId engine = engine();
    LeasedJob running = claimOne(engine);

    store.retire(engine);

    assertThat(job(running.id()).token()).isGreaterThan(lease(running).token());
    assertThat(store.settled(List.of(lease(running)))).isEmpty();
  }

  @Test
  void aJobThatWasAskedToEndEndsWithItsLeavingEngine() {
    JobId id = insertOne();
    EngineId engine = engine();
    claimOne(engine);
    records().cancel(id);

    store.retire(engine);

    assertThat(state(id)).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void anEngineLeavesAsOftenAsItLikes() {
    EngineId engine = engine();

    store.retire(engine);
    store.retire(engine);
    store.retire(new EngineId(UUID.randomUUID()));

    assertThat(reap().isEmpty()).isTrue();
  }

  @Test
  void aClosedNodeHarmsNoOther() {
    JobId id = insertOne();
    JobStore other = fixture().open();
    other.close();
    other.close();

    assertThat(claimOne(engine()).id()).isEqualTo(id);
  }
}
