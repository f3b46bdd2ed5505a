package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Fifo.OnDead;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The jobs of one key run one after the other, in the order in which they were stored. */
abstract class LineCases extends StoreCases {

  @BeforeEach
  void hasLines() {
    assumeTrue(can(Capability.FIFO), "has no lines");
  }

  private JobId insertIn(String key, OnDead onDead) {
    NewJob job = NewJobs.job().fifo(key, onDead).build();
    insert(job);
    return job.id();
  }

  private JobId insertIn(String key) {
    return insertIn(key, OnDead.BLOCK);
  }

  private static Outcome died() {
    return new Outcome.Dead(DeadReason.REJECTED, FAILURE);
  }

  @Test
  void aLineGivesOneJobAtATimeInItsOrder() {
    List<JobId> line = List.of(insertIn("k"), insertIn("k"), insertIn("k"));
    EngineId engine = engine();
    for (JobId expected : line) {
      LeasedJob running = claimOne(engine);
      assertThat(running.id()).isEqualTo(expected);
      settled(running, succeeded());
    }
    assertThat(claim(engine, 10)).isEmpty();
  }

  @Test
  void theJobsOfOneInsertStandInItsOrder() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      jobs.add(NewJobs.job().fifo("k", OnDead.BLOCK).build());
    }
    store.insert(jobs);
    EngineId engine = engine();
    for (NewJob expected : jobs) {
      LeasedJob running = claimOne(engine);
      assertThat(running.id()).isEqualTo(expected.id());
      settled(running, succeeded());
    }
  }

  @Test
  void linesDoNotHinderEachOther() {
    JobId one = insertIn("k");
    JobId other = insertIn("l");
    insertIn("k");

    assertThat(claim(engine(), 10)).extracting(LeasedJob::id).containsExactlyInAnyOrder(one, other);
  }

  @Test
  void aJobThatWaitsInALineSaysSo() {
    JobId first = insertIn("k");
    JobId second = insertIn("k");

    assertThat(job(first).blockReason()).isEmpty();
    assertThat(job(second).blockReason()).contains(BlockReason.FIFO);
    assertThat(state(second)).isEqualTo(JobState.PENDING);
  }

  @Test
  void aRetryKeepsItsPlace() {
    JobId first = insertIn("k");
    insertIn("k");
    EngineId engine = engine();
    settled(claimOne(engine), new Outcome.Retry(Duration.ofHours(1), FAILURE));
    assertThat(claim(engine, 10)).isEmpty();
    advance(Duration.ofMinutes(61));

    assertThat(claimOne(engine).id()).isEqualTo(first);
  }

  @Test
  void aDeadJobBlocksItsLine() {
    JobId first = insertIn("k");
    JobId second = insertIn("k");
    settled(claimOne(engine()), died());

    assertThat(claim(engine(), 10)).isEmpty();
    JobId third = insertIn("k");
    assertThat(claim(engine(), 10)).isEmpty();

    records().requeue(first);
    EngineId engine = engine();
    for (JobId expected : List.of(first, second, third)) {
      LeasedJob running = claimOne(engine);
      assertThat(running.id()).isEqualTo(expected);
      settled(running, succeeded());
    }
  }

  @Test
  void aJobStoredBehindADeadOneIsBlockedToo() {
    JobId dead = insertIn("k");
    settled(claimOne(engine()), died());
    JobId behind = insertIn("k");

    assertThat(claim(engine(), 10)).isEmpty();
    records().requeue(dead);
    EngineId engine = engine();
    settled(claimOne(engine), succeeded());
    assertThat(claimOne(engine).id()).isEqualTo(behind);
  }

  @Test
  void aDeletedDeadLetterFreesItsLine() {
    JobId dead = insertIn("k");
    JobId second = insertIn("k");
    settled(claimOne(engine()), died());

    records().delete(dead);

    assertThat(claimOne(engine()).id()).isEqualTo(second);
  }

  @Test
  void aDeadJobCanBePassed() {
    insertIn("k", OnDead.SKIP);
    JobId second = insertIn("k", OnDead.SKIP);
    settled(claimOne(engine()), died());

    assertThat(claimOne(engine()).id()).isEqualTo(second);
  }

  @Test
  void aCancelledJobIsPassed() {
    JobId first = insertIn("k");
    JobId second = insertIn("k");
    JobId third = insertIn("k");

    records().cancel(second);
    LeasedJob running = claimOne(engine());
    assertThat(running.id()).isEqualTo(first);
    settled(running, succeeded());

    assertThat(claimOne(engine()).id()).isEqualTo(third);
  }

  @Test
  void aCancelledJobIsPassedOnlyWhenThoseBeforeItAre() {
    insertIn("k");
    JobId second = insertIn("k");
    JobId third = insertIn("k");
    JobId last = insertIn("k");
    EngineId engine = engine();
    LeasedJob running = claimOne(engine);
    records().cancel(second);
    records().cancel(third);

    assertThat(claim(engine, 10)).isEmpty();
    settled(running, succeeded());
    assertThat(claimOne(engine).id()).isEqualTo(last);
  }

  @Test
  void whoComesBehindACancelledJobWaitsForThoseBeforeIt() {
    insertIn("k");
    JobId second = insertIn("k");
    EngineId engine = engine();
    LeasedJob running = claimOne(engine);
    records().cancel(second);
    JobId third = insertIn("k");

    assertThat(claim(engine, 10)).isEmpty();
    settled(running, succeeded());
    assertThat(claimOne(engine).id()).isEqualTo(third);
  }

  @Test
  void aRequeuedJobThatWasPassedGoesToTheEnd() {
    insertIn("k");
    JobId second = insertIn("k");
    JobId third = insertIn("k");
    records().cancel(second);
    EngineId engine = engine();
    LeasedJob running = claimOne(engine);
    records().requeue(second);

    assertThat(claim(engine, 10)).isEmpty();
    settled(running, succeeded());
    LeasedJob next = claimOne(engine);
    assertThat(next.id()).isEqualTo(third);
    settled(next, succeeded());
    assertThat(claimOne(engine).id()).isEqualTo(second);
  }

  @Test
  void aJobThatIsCalledOffWhileItRunsIsPassed() {
    insertIn("k");
    JobId second = insertIn("k");
    settled(claimOne(engine()), new Outcome.Cancelled());

    assertThat(claimOne(engine()).id()).isEqualTo(second);
  }

  @Test
  void aTakenBackJobKeepsItsPlace() {
    JobId first = insertIn("k");
    insertIn("k");
    claimOne(engine());
    expireEngines();
    reap();

    assertThat(claimOne(engine()).id()).isEqualTo(first);
  }

  @Test
  void aLineThatIsEmptyStartsAnew() {
    insertIn("k");
    settled(claimOne(engine()), succeeded());
    store.prune(Duration.ZERO, 100);

    JobId next = insertIn("k");

    assertThat(claimOne(engine()).id()).isEqualTo(next);
  }

  @Test
  void aLineIsNotForgottenWhileSomeoneStandsInIt() {
    insertIn("k");
    store.prune(Duration.ZERO, 100);
    insertIn("k");

    assertThat(claim(engine(), 10)).hasSize(1);
  }

  @Test
  void aJobWaitsForItsLineAndForItsParents() {
    JobId parent = insertOne();
    JobId first = insertIn("k");
    NewJob both = NewJobs.job().fifo("k", OnDead.BLOCK).after(parent).build();
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
  void enqueuesOfOneKeyWaitForEachOther() throws Exception {
    assumeTrue(can(Capability.TRANSACTIONAL_ENQUEUE), "joins no transactions");
    NewJob first = NewJobs.job().fifo("k", OnDead.BLOCK).build();
    NewJob second = NewJobs.job().fifo("k", OnDead.BLOCK).build();
    try (TestTransaction transaction = fixture().begin()) {
      store.insert(List.of(first), transaction.handle());
      Future<?> waiting = Race.start(() -> store.insert(List.of(second)));
      transaction.commit();
      waiting.get();
    }
    EngineId engine = engine();
    LeasedJob running = claimOne(engine);
    assertThat(running.id()).isEqualTo(first.id());
    settled(running, succeeded());
    assertThat(claimOne(engine).id()).isEqualTo(second.id());
  }
}
