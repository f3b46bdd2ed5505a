package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What attempts say belongs to their job, under their token, and stays as long as that. */
abstract class ReportLifeCases extends SayingCases {

  @Test
  void reportsBelongToTheirJobs() {
    LeasedJob one = running();
    LeasedJob two = running();

    assertThat(write(KEEP, report(one, at(1), line(1, "one")), report(two, at(2), line(1, "two"))))
        .containsExactlyInAnyOrder(lease(one), lease(two));

    assertThat(texts(one.id())).containsExactly("one");
    assertThat(texts(two.id())).containsExactly("two");
    assertThat(records().progress(one.id()).orElseThrow().done()).isEqualTo(1);
    assertThat(records().progress(two.id()).orElseThrow().done()).isEqualTo(2);
  }

  @Test
  void anOlderTokenSaysNothing() {
    LeasedJob zombie = running();
    expireEngines();
    reap();
    LeasedJob successor = claimOne(engine());
    told(successor, at(5), line(1, "mine"));

    assertThat(write(KEEP, report(zombie, at(9), line(1, "late")))).isEmpty();

    assertThat(texts(successor.id())).containsExactly("mine");
    assertThat(records().progress(successor.id()).orElseThrow().done()).isEqualTo(5);
  }

  @Test
  void aLostLeaseHoldsNoOtherReportUp() {
    LeasedJob zombie = running();
    settled(zombie, new Outcome.Retry(Duration.ofHours(1), FAILURE));
    LeasedJob job = running();

    assertThat(write(KEEP, report(zombie, at(9), line(1, "late")), report(job, at(1))))
        .containsExactly(lease(job));

    assertThat(records().progress(zombie.id())).isEmpty();
    assertThat(texts(zombie.id())).isEmpty();
    assertThat(records().progress(job.id())).isPresent();
  }

  @Test
  void aJobThatHasEndedSaysNothing() {
    LeasedJob done = running();
    settled(done, succeeded());
    LeasedJob dead = running();
    settled(dead, new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertThat(write(KEEP, report(done, at(1), line(1, "a")), report(dead, at(1), line(1, "b"))))
        .isEmpty();

    for (JobId id : List.of(done.id(), dead.id())) {
      assertThat(records().progress(id)).isEmpty();
      assertThat(texts(id)).isEmpty();
    }
  }

  @Test
  void whatWasSaidOutlivesACrash() {
    LeasedJob job = running();
    told(job, at(1), line(1, "a"));
    expireEngines();
    reap();
    claimOne(engine());

    assertThat(records().progress(job.id()).orElseThrow().done()).isEqualTo(1);
    assertThat(texts(job.id())).containsExactly("a");
  }

  @Test
  void whatWasSaidStaysWithADeadLetterThroughARequeue() {
    LeasedJob job = running();
    told(job, at(1), line(1, "a"));
    settled(job, new Outcome.Dead(DeadReason.REJECTED, FAILURE));
    assertThat(texts(job.id())).containsExactly("a");

    assertThat(records().requeue(job.id())).isTrue();

    assertThat(records().progress(job.id()).orElseThrow().done()).isEqualTo(1);
    assertThat(texts(job.id())).containsExactly("a");
  }

  @Test
  void whatWasSaidStaysWithASuccess() {
    LeasedJob job = running();
    told(job, at(10), line(1, "a"));

    settled(job, succeeded());

    assertThat(records().progress(job.id()).orElseThrow().done()).isEqualTo(10);
    assertThat(texts(job.id())).containsExactly("a");
  }

  @Test
  void whatWasSaidGoesWithAJobThatIsDeleted() {
    LeasedJob job = running();
    told(job, at(1), line(1, "a"));
    settled(job, new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertThat(records().delete(job.id())).isTrue();

    assertThat(records().progress(job.id())).isEmpty();
    assertThat(log(job.id())).isEqualTo(LogPage.EMPTY);
  }

  @Test
  void whatWasSaidGoesWithAJobThatIsPruned() {
    LeasedJob job = running();
    told(job, at(1), line(1, "a"));
    settled(job, succeeded());
    advance(Duration.ofDays(2));

    prune(Duration.ofDays(1), 100);

    assertThat(records().progress(job.id())).isEmpty();
    assertThat(log(job.id())).isEqualTo(LogPage.EMPTY);
  }

  @Test
  void aJobWithAnotherContentHasSaidNothing() {
    assumeTrue(can(Capability.REPLACE), "replaces no waiting jobs");
    insert(NewJobs.job().replace("k").build());
    LeasedJob job = claimOne(engine());
    told(job, at(1), line(1, "a"));
    settled(job, retry());
    NewJob other =
        NewJobs.job().payload(new Payload("json", new byte[] {'1'})).replace("k").build();

    assertThat(store.insert(List.of(other)).get(0).id()).isEqualTo(job.id());

    assertThat(records().progress(job.id())).isEmpty();
    assertThat(texts(job.id())).isEmpty();
  }

  @Test
  void stepsAndReportsDoNotMeet() {
    LeasedJob job = running();
    told(job, at(1), line(1, "a"));

    assertThat(notes(store).step(job.id(), "")).isEmpty();
    assertThat(notes(store).step(job.id(), "0000000000000000001")).isEmpty();
  }

  /** A child that is being stored holds its parent as long as the caller likes. */
  @Test
  void aReportThatIsNotPatientWaitsForNoTransactionOfACaller() throws Exception {
    assumeTrue(can(Capability.TRANSACTIONAL_ENQUEUE) && can(Capability.WAITING));
    LeasedJob job = running();
    Report report = report(job, null, line(1, "a"));
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try (TestTransaction caller = fixture().begin()) {
      store.insert(List.of(NewJobs.job().after(job.id()).build()), caller.handle());

      writer
          .submit(() -> notes(store).report(List.of(report), KEEP, false))
          .get(10, TimeUnit.SECONDS);

      caller.commit();
    } finally {
      writer.shutdownNow();
    }
    assertThat(write(KEEP, report)).containsExactly(lease(job));
    assertThat(texts(job.id())).containsExactly("a");
  }

  /** Whoever takes the job back waits for the write, or the write is refused. */
  @Test
  void aLineIsWrittenBeforeTheJobIsTakenBackOrNever() throws Exception {
    JobStore other = open();
    rounds(
        () -> {
          EngineId leaving = engine();
          insertOne();
          LeasedJob job = claimOne(leaving);
          Race.Both<Set<TokenLease>, LogPage> both =
              Race.both(
                  () -> write(KEEP, report(job, null, line(1, "a"))),
                  () -> {
                    other.retire(leaving);
                    return other.records().log(job.id(), 0, 10);
                  });

          assertThat(log(job.id()).lines().isEmpty())
              .as("what the successor saw")
              .isEqualTo(both.second().lines().isEmpty())
              .isEqualTo(both.first().isEmpty());
          settled(claimOne(engine()), succeeded());
        });
  }
}
