package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.BlockedLine;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Fifo.OnDead;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Lines where they meet parents, keys, transactions, expiry, crashes and other nodes. */
abstract class FifoMeetingCases extends LineCases {

  @Test
  void aJobWaitsForItsLineAndForItsParents() {
    JobId parent = insertOne();
    JobId first = insertIn("k");
    NewJob both = NewJobs.job().fifo("k").after(parent).build();
    insert(both);
    EngineId engine = engine();
    List<LeasedJob> running = claim(engine, 10);
    assertThat(running).extracting(LeasedJob::id).containsExactlyInAnyOrder(parent, first);
    settled(running.get(0), succeeded());
    assertThat(claim(engine, 10)).isEmpty();
    settled(running.get(1), succeeded());

    assertThat(claimOne(engine).id()).isEqualTo(both.id());
  }

  @Test
  void aJobWhoseParentsAreDoneStillWaitsForItsLine() {
    JobId parent = insertOne();
    LeasedJob running = claimOne(engine());
    JobId first = insertIn("k");
    NewJob both = NewJobs.job().fifo("k").after(parent).build();
    insert(both);
    assertThat(job(both.id()).blockReason()).contains(BlockReason.PARENTS);
    settled(running, succeeded());

    assertThat(job(both.id()).blockReason()).contains(BlockReason.FIFO);
    assertThat(runAll()).containsExactly(first, both.id());
  }

  @Test
  void aHeadThatWaitsForItsParentHoldsItsLineUp() {
    JobId parent = insertOne();
    LeasedJob running = claimOne(engine());
    NewJob head = NewJobs.job().fifo("k").after(parent).build();
    insert(head);
    JobId behind = insertIn("k");
    assertThat(claim(engine(), 10)).isEmpty();
    settled(running, succeeded());

    assertThat(runAll()).containsExactly(head.id(), behind);
  }

  @Test
  void aHeadThatIsTakenAlongFreesItsLine() {
    assumeTrue(can(Capability.ANY_END), "takes no children along");
    JobId parent = insertOne();
    NewJob head = NewJobs.job().fifo("k").after(parent).build();
    insert(head);
    JobId behind = insertIn("k");
    records().cancel(parent);

    assertThat(state(head.id())).isEqualTo(JobState.CANCELLED);
    assertThat(runAll()).containsExactly(behind);
  }

  @Test
  void aRequeuedHeadWaitsForItsParentAgain() {
    JobId parent = insertOne();
    LeasedJob running = claimOne(engine());
    NewJob head = NewJobs.job().fifo("k").after(parent).build();
    insert(head);
    records().cancel(head.id());
    records().requeue(head.id());
    JobId behind = insertIn("k");
    assertThat(claim(engine(), 10)).isEmpty();
    settled(running, succeeded());

    assertThat(runAll()).containsExactly(head.id(), behind);
  }

  @Test
  void aJobThatExpiresInALineBlocksItInItsPlace() {
    assumeTrue(can(Capability.EXPIRY), "gives no job up in time");
    JobId first = insertIn("k");
    NewJob late = NewJobs.job().fifo("k").expireAfter(Duration.ofHours(1)).build();
    insert(late);
    JobId last = insertIn("k");
    advance(Duration.ofMinutes(61));
    store.expire(10);

    assertThat(runAll()).containsExactly(first);
    records().requeue(late.id());
    assertThat(runAll()).containsExactly(late.id(), last);
  }

  @Test
  void aJobThatExpiresCanBePassed() {
    assumeTrue(can(Capability.EXPIRY), "gives no job up in time");
    insert(NewJobs.job().fifo("k", OnDead.SKIP).expireAfter(Duration.ofHours(1)).build());
    JobId last = insertIn("k");
    advance(Duration.ofMinutes(61));
    store.expire(10);

    assertThat(runAll()).containsExactly(last);
  }

  @Test
  void aJobThatCrashesTooOftenIsPassedIfDeadOnesAre() {
    JobId bad = insertIn("k", OnDead.SKIP);
    JobId next = insertIn("k");
    for (int i = 0; i < 5; i++) {
      claimOne(engine());
      expireEngines();
      reap();
    }

    assertThat(state(bad)).isEqualTo(JobState.DEAD);
    assertThat(runAll()).containsExactly(next);
  }

  @Test
  void aReplacedJobKeepsItsLineAndItsPlace() {
    assumeTrue(can(Capability.REPLACE), "replaces no waiting jobs");
    JobId first = insertIn("k");
    NewJob second = NewJobs.job().fifo("k").key("u").build();
    insert(second);
    JobId third = insertIn("k");
    insert(NewJobs.job().replace("u").fifo("another").build());

    assertThat(runAll()).containsExactly(first, second.id(), third);
  }

  @Test
  void aJobThatIsNotStoredDoesNotStandInItsLine() {
    JobId holder = insertIn("k");
    insert(NewJobs.job().fifo("l").key("u").build());
    NewJob kept = NewJobs.job().fifo("k").key("u").build();
    assertThat(store.insert(List.of(kept)).get(0)).isInstanceOf(Enqueued.Existing.class);
    JobId behind = insertIn("k");
    EngineId engine = engine();
    List<LeasedJob> heads = claim(engine, 10);
    assertThat(heads).hasSize(2);
    heads.forEach(head -> settled(head, succeeded()));

    assertThat(state(holder)).isEqualTo(JobState.SUCCEEDED);
    assertThat(runAll()).containsExactly(behind);
  }

  @Test
  void aRepeatDoesNotStandInTheLineTwice() {
    NewJob job = NewJobs.job().fifo("k").repeatable(new JobId(UUID.randomUUID())).build();
    insert(job);
    insert(job);
    JobId behind = insertIn("k");

    assertThat(runAll()).containsExactly(job.id(), behind);
  }

  @Test
  void aFollowUpStandsBehindThoseWhoAreThere() {
    assumeTrue(can(Capability.FOLLOW_UP), "stores nothing with a success");
    insertIn("k");
    JobId second = insertIn("k");
    NewJob follower = NewJobs.job().fifo("k").build();
    settled(claimOne(engine()), new Outcome.Succeeded(null, List.of(follower)));

    assertThat(runAll()).containsExactly(second, follower.id());
  }

  @Test
  void aFollowUpInTheLineOfTheLastOfItRuns() {
    assumeTrue(can(Capability.FOLLOW_UP), "stores nothing with a success");
    insertIn("k");
    NewJob follower = NewJobs.job().fifo("k").build();
    NewJob another = NewJobs.job().fifo("k").build();
    settled(claimOne(engine()), new Outcome.Succeeded(null, List.of(follower, another)));

    assertThat(runAll()).containsExactly(follower.id(), another.id());
  }

  @Test
  void enqueuesOfOneLineWaitForEachOther() throws Exception {
    assumeTrue(can(Capability.TRANSACTIONAL_ENQUEUE), "joins no transactions");
    NewJob first = NewJobs.job().fifo("k").build();
    NewJob second = NewJobs.job().fifo("k").build();
    try (TestTransaction transaction = fixture().begin()) {
      store.insert(List.of(first), transaction.handle());
      Future<?> waiting = Race.start(() -> store.insert(List.of(second)));
      transaction.commit();
      waiting.get();
    }

    assertThat(runAll()).containsExactly(first.id(), second.id());
  }

  @Test
  void theInsertsOfOneTransactionStandInTheirOrder() {
    assumeTrue(can(Capability.TRANSACTIONAL_ENQUEUE), "joins no transactions");
    NewJob first = NewJobs.job().fifo("k").build();
    NewJob second = NewJobs.job().fifo("k").build();
    try (TestTransaction transaction = fixture().begin()) {
      store.insert(List.of(first), transaction.handle());
      store.insert(List.of(second), transaction.handle());
      transaction.commit();
    }

    assertThat(runAll()).containsExactly(first.id(), second.id());
  }

  @Test
  void whatIsRolledBackNeverStoodInItsLine() {
    assumeTrue(can(Capability.TRANSACTIONAL_ENQUEUE), "joins no transactions");
    try (TestTransaction transaction = fixture().begin()) {
      store.insert(List.of(NewJobs.job().fifo("k").build()), transaction.handle());
      transaction.rollback();
    }
    JobId next = insertIn("k");

    assertThat(runAll()).containsExactly(next);
  }

  @Test
  void aJobStoredWhileTheOneBeforeItEndsIsNotForgotten() throws Exception {
    JobStore other = open();
    EngineId engine = engine();
    rounds(
        () -> {
          insertIn("k");
          LeasedJob running = claimOne(engine);
          NewJob next = NewJobs.job().fifo("k").build();
          Race.both(() -> settle(running, succeeded()), () -> other.insert(List.of(next)));

          LeasedJob ran = claimOne(engine);
          assertThat(ran.id()).isEqualTo(next.id());
          settled(ran, succeeded());
        });
  }

  @Test
  void theNextOneIsNotForgottenIfTheOneBeforeItIsCancelledAsTheFirstEnds() throws Exception {
    JobStore other = open();
    EngineId engine = engine();
    rounds(
        () -> {
          insertIn("k");
          LeasedJob running = claimOne(engine);
          JobId second = insertIn("k");
          JobId third = insertIn("k");
          Race.both(() -> settle(running, succeeded()), () -> other.records().cancel(second));

          LeasedJob ran = claimOne(engine);
          assertThat(ran.id()).isEqualTo(third);
          settled(ran, succeeded());
        });
  }

  @Test
  void blockedLinesAreListedWithTheirLetters() {
    JobId first = insertIn("k");
    insertIn("k");
    insertIn("k");
    JobId other = insertIn("l");
    EngineId engine = engine();
    List<LeasedJob> heads = claim(engine, 10);
    assertThat(records().letters().blockedLines(null, 10)).isEmpty();
    heads.forEach(head -> settled(head, died()));

    List<BlockedLine> blocked = records().letters().blockedLines(null, 10);
    assertThat(blocked).extracting(BlockedLine::key).containsExactly("k", "l");
    assertThat(blocked).extracting(BlockedLine::letter).containsExactly(first, other);
    assertThat(blocked).extracting(BlockedLine::waiting).containsExactly(2L, 0L);
    assertThat(blocked.get(0).since()).isEqualTo(job(first).finishedAt().orElseThrow());
    assertThat(records().letters().blockedLines(null, 1)).isEqualTo(blocked.subList(0, 1));
    assertThat(records().letters().blockedLines("k", 10)).isEqualTo(blocked.subList(1, 2));
  }

  @Test
  void aLineWhoseLetterIsRedrivenIsNotListedAsBlocked() {
    JobId first = insertIn("k");
    insertIn("k");
    settled(claimOne(engine()), died());
    records().letters().redrive(Map.of(first, Duration.ZERO), ADA);

    assertThat(records().letters().blockedLines(null, 10)).isEmpty();
  }

  @Test
  void anotherRunOfAnEndedJobStandsInNoLine() {
    JobId first = insertIn("k");
    insertIn("k");
    settled(claimOne(engine()), succeeded());

    assertThat(records().content(first).orElseThrow().fifo()).isNull();
  }
}
