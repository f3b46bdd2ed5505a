package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.Fifo.OnDead;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The jobs of one key run one after the other, in the order in which they were stored. */
abstract class FifoCases extends LineCases {

  @Test
  void aLineGivesOneJobAtATimeInItsOrder() {
    List<JobId> line = List.of(insertIn("k"), insertIn("k"), insertIn("k"));

    assertThat(runAll()).isEqualTo(line);
  }

  @Test
  void theJobsOfOneInsertStandInItsOrder() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      jobs.add(NewJobs.job().fifo("k").build());
    }
    store.insert(jobs);

    assertThat(runAll()).isEqualTo(jobs.stream().map(NewJob::id).toList());
  }

  @Test
  void aJobThatIsDueSoonerDoesNotPassTheOneBeforeIt() {
    NewJob later = NewJobs.job().fifo("k").delay(Duration.ofHours(1)).build();
    insert(later);
    JobId sooner = insertIn("k");

    assertThat(claim(engine(), 10)).isEmpty();
    advance(Duration.ofMinutes(61));
    assertThat(runAll()).containsExactly(later.id(), sooner);
  }

  @Test
  void tenThousandJobsOfOneInsertStandInOneLine() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      jobs.add(NewJobs.job().fifo("k").build());
    }
    store.insert(jobs);
    EngineId engine = engine();
    for (NewJob expected : jobs.subList(0, 3)) {
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
  void aLineGoesThroughAllQueues() {
    JobId first = insertIn("k");
    JobQueue elsewhere = JobQueue.of("elsewhere");
    NewJob second = NewJobs.job().queue(elsewhere).fifo("k").build();
    insert(second);
    EngineId engine = engine();
    ClaimRequest there =
        new ClaimRequest(engine, UUID.randomUUID(), elsewhere, Map.of(NewJobs.TYPE, 1), 10, true);
    assertThat(store.claim(there)).isEmpty();
    assertThat(runAll()).containsExactly(first);

    assertThat(store.claim(there)).extracting(LeasedJob::id).containsExactly(second.id());
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
    JobId second = insertIn("k");
    EngineId engine = engine();
    settled(claimOne(engine), new Outcome.Retry(Duration.ofHours(1), FAILURE));
    assertThat(claim(engine, 10)).isEmpty();
    advance(Duration.ofMinutes(61));

    assertThat(runAll()).containsExactly(first, second);
  }

  @Test
  void aSnoozedJobKeepsItsPlace() {
    JobId first = insertIn("k");
    JobId second = insertIn("k");
    EngineId engine = engine();
    settled(claimOne(engine), new Outcome.Snoozed(Duration.ofHours(1)));
    assertThat(claim(engine, 10)).isEmpty();
    advance(Duration.ofMinutes(61));

    assertThat(runAll()).containsExactly(first, second);
  }

  @Test
  void aTakenBackJobKeepsItsPlace() {
    JobId first = insertIn("k");
    JobId second = insertIn("k");
    claimOne(engine());
    expireEngines();
    reap();

    assertThat(runAll()).containsExactly(first, second);
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

    assertThat(runAll()).containsExactly(first, second, third);
  }

  @Test
  void aJobStoredBehindADeadOneIsBlockedToo() {
    JobId dead = insertIn("k");
    settled(claimOne(engine()), died());
    JobId behind = insertIn("k");
    assertThat(claim(engine(), 10)).isEmpty();
    records().requeue(dead);

    assertThat(runAll()).containsExactly(dead, behind);
  }

  @Test
  void aDeletedDeadLetterFreesItsLine() {
    JobId dead = insertIn("k");
    JobId second = insertIn("k");
    settled(claimOne(engine()), died());
    records().delete(dead);

    assertThat(runAll()).containsExactly(second);
  }

  @Test
  void aDiscardedDeadLetterFreesItsLine() {
    JobId dead = insertIn("k");
    JobId second = insertIn("k");
    settled(claimOne(engine()), died());
    records().letters().discard(List.of(dead), ADA);

    assertThat(runAll()).containsExactly(second);
  }

  @Test
  void aDeadJobCanBePassed() {
    insertIn("k", OnDead.SKIP);
    JobId second = insertIn("k", OnDead.SKIP);
    settled(claimOne(engine()), died());

    assertThat(runAll()).containsExactly(second);
  }

  @Test
  void aCancelledJobIsPassed() {
    JobId first = insertIn("k");
    JobId second = insertIn("k");
    JobId third = insertIn("k");
    records().cancel(second);

    assertThat(runAll()).containsExactly(first, third);
  }

  @Test
  void theFirstOfALineCanBeCancelled() {
    JobId first = insertIn("k");
    JobId second = insertIn("k");
    records().cancel(first);

    assertThat(runAll()).containsExactly(second);
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
  void aJobThatIsCalledOffWhileItRunsIsPassed() {
    insertIn("k");
    JobId second = insertIn("k");
    settled(claimOne(engine()), new Outcome.Cancelled());

    assertThat(runAll()).containsExactly(second);
  }

  @Test
  void aRequeuedJobThatWasCancelledGoesToTheEnd() {
    insertIn("k");
    JobId second = insertIn("k");
    JobId third = insertIn("k");
    records().cancel(second);
    EngineId engine = engine();
    LeasedJob running = claimOne(engine);
    records().requeue(second);

    assertThat(claim(engine, 10)).isEmpty();
    settled(running, succeeded());
    assertThat(runAll()).containsExactly(third, second);
  }

  @Test
  void aRequeuedDeadJobThatWasPassedGoesToTheEnd() {
    JobId first = insertIn("k", OnDead.SKIP);
    settled(claimOne(engine()), died());
    JobId second = insertIn("k", OnDead.SKIP);
    records().requeue(first);

    assertThat(runAll()).containsExactly(second, first);
  }

  @Test
  void aRequeuedJobOfALineThatIsEmptyRuns() {
    JobId first = insertIn("k");
    records().cancel(first);
    records().requeue(first);

    assertThat(runAll()).containsExactly(first);
  }

  @Test
  void aBatchOfEndsLetsTheNextOfEachLineGo() {
    insertIn("k");
    insertIn("l");
    JobId nextOfK = insertIn("k");
    JobId nextOfL = insertIn("l");
    EngineId engine = engine();
    List<LeasedJob> heads = claim(engine, 10);
    settleAll(
        heads.stream()
            .map(head -> new Settlement(head.lease(), succeeded()))
            .toArray(Settlement[]::new));

    assertThat(claim(engine, 10))
        .extracting(LeasedJob::id)
        .containsExactlyInAnyOrder(nextOfK, nextOfL);
  }

  @Test
  void aLineThatIsEmptyStartsAnew() {
    insertIn("k");
    settled(claimOne(engine()), succeeded());
    prune(Duration.ZERO, 100);
    JobId next = insertIn("k");
    JobId last = insertIn("k");

    assertThat(runAll()).containsExactly(next, last);
  }

  @Test
  void aLineIsNotForgottenWhileSomeoneStandsInIt() {
    JobId first = insertIn("k");
    prune(Duration.ZERO, 100);
    JobId second = insertIn("k");

    assertThat(runAll()).containsExactly(first, second);
  }
}
