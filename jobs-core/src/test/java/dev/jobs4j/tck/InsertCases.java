package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an insert keeps, and what it takes for a repeat. */
abstract class InsertCases extends StoreCases {

  @Test
  void aStoredJobIsPendingAndDueAtOnce() {
    NewJob job = NewJobs.job().build();

    assertThat(store.insert(List.of(job))).containsExactly(new Enqueued.Created(job.id()));
    assertThat(state(job.id())).isEqualTo(JobState.PENDING);
    assertThat(isClaimable(job.id())).isTrue();
  }

  @Test
  void anEmptyInsertStoresNothing() {
    assertThat(store.insert(List.of())).isEmpty();
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aStoredJobIsSeenByOtherNodes() {
    JobId id = insertOne();

    assertThat(open().records().find(id)).isPresent();
  }

  @Test
  void answersComeInTheOrderOfTheJobs() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      jobs.add(NewJobs.job().build());
    }

    assertThat(store.insert(jobs).stream().map(Enqueued::id))
        .containsExactlyElementsOf(jobs.stream().map(NewJob::id).toList());
  }

  @Test
  void hundredsOfJobsAreStoredAtOnce() {
    List<JobId> ids = insertMany(700);

    assertThat(records().count(QUEUE)).containsEntry(JobState.PENDING, 700L);
    assertThat(claim(engine(), 1_000).stream().map(LeasedJob::id))
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void everythingAJobCarriesReachesItsHandler() {
    Payload payload = new Payload("cbor", new byte[] {1, 2, 3});
    NewJob job =
        NewJobs.job()
            .typeVersion(7)
            .payload(payload)
            .maxAttempts(4)
            .tenant("acme")
            .headers(Map.of("traceparent", "00-1", "b", "2"))
            .build();
    insert(job);

    LeasedJob claimed =
        store
            .claim(
                new ClaimRequest(
                    engine(), UUID.randomUUID(), QUEUE, Map.of(NewJobs.TYPE, 7), 10, false))
            .get(0);

    assertThat(claimed.id()).isEqualTo(job.id());
    assertThat(claimed.type()).isEqualTo(NewJobs.TYPE);
    assertThat(claimed.typeVersion()).isEqualTo(7);
    assertThat(claimed.queue()).isEqualTo(QUEUE);
    assertThat(claimed.payload().codec()).isEqualTo("cbor");
    assertThat(claimed.payload().bytes()).isEqualTo(payload.bytes());
    assertThat(claimed.maxAttempts()).isEqualTo(4);
    assertThat(claimed.tenant()).isEqualTo("acme");
    assertThat(claimed.headers()).isEqualTo(job.headers());
    assertThat(claimed.origin()).isNull();
  }

  @Test
  void whatAJobDoesNotSayIsLeftOpen() {
    insertOne();

    LeasedJob claimed = claimOne(engine());

    assertThat(claimed.maxAttempts()).isNull();
    assertThat(claimed.tenant()).isNull();
    assertThat(claimed.headers()).isEmpty();
    assertThat(claimed.suspect()).isFalse();
  }

  @Test
  void aNewJobHasSpentNothing() {
    NewJob job = NewJobs.job().priority(Priority.HIGH).tenant("acme").build();
    insert(job);

    Job found = job(job.id());

    assertThat(found.attempt()).isZero();
    assertThat(found.crashes()).isZero();
    assertThat(found.token()).isZero();
    assertThat(found.suspect()).isFalse();
    assertThat(found.cancelRequested()).isFalse();
    assertThat(found.finishedAt()).isEmpty();
    assertThat(found.lastFailure()).isEmpty();
    assertThat(found.deadReason()).isEmpty();
    assertThat(found.blockReason()).isEmpty();
    assertThat(found.tenant()).contains("acme");
    assertThat(found.priority()).isEqualTo(Priority.HIGH);
    assertThat(records().attempts(job.id())).isEmpty();
  }

  @Test
  void aRepeatOfAPendingJobIsExisting() {
    JobId id = insertOne();

    assertExisting(id, JobState.PENDING);
  }

  @Test
  void aRepeatOfARunningJobIsExisting() {
    JobId id = insertOne();
    claimOne(engine());

    assertExisting(id, JobState.RUNNING);
  }

  @Test
  void aRepeatOfASucceededJobIsExisting() {
    JobId id = insertOne();
    settled(claimOne(engine()), succeeded());

    assertExisting(id, JobState.SUCCEEDED);
  }

  @Test
  void aRepeatOfADeadLetterIsExisting() {
    JobId id = insertOne();
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertExisting(id, JobState.DEAD);
  }

  @Test
  void aRepeatOfACancelledJobIsExisting() {
    JobId id = insertOne();
    assertThat(records().cancel(id)).isEqualTo(Cancellation.CANCELLED);

    assertExisting(id, JobState.CANCELLED);
  }

  private void assertExisting(JobId id, JobState state) {
    assertThat(store.insert(List.of(NewJobs.job().repeatable(id).build())))
        .containsExactly(new Enqueued.Existing(id));
    assertThat(state(id)).isEqualTo(state);
    assertThat(claim(engine(), 10)).hasSize(state == JobState.PENDING ? 1 : 0);
  }

  @Test
  void aRepeatChangesNothingOfTheFirst() {
    JobId id = new JobId(UUID.randomUUID());
    insert(NewJobs.job().repeatable(id).tenant("first").build());
    insert(
        NewJobs.job()
            .repeatable(id)
            .tenant("second")
            .priority(Priority.CRITICAL)
            .payload(new Payload("text", new byte[9]))
            .build());

    LeasedJob claimed = claimOne(engine());

    assertThat(claimed.tenant()).isEqualTo("first");
    assertThat(claimed.payload().codec()).isEqualTo(NewJobs.PAYLOAD.codec());
    assertThat(job(id).priority()).isEqualTo(Priority.NORMAL);
  }

  @Test
  void aRepeatInTheSameInsertIsExisting() {
    JobId id = new JobId(UUID.randomUUID());
    NewJob job = NewJobs.job().repeatable(id).build();

    assertThat(store.insert(List.of(job, job)))
        .containsExactly(new Enqueued.Created(id), new Enqueued.Existing(id));
    assertThat(claim(engine(), 10)).hasSize(1);
  }

  @Test
  void aRepeatDoesNotKeepTheOthersOfItsInsertOut() {
    JobId known = insertOne();
    NewJob first = NewJobs.job().build();
    NewJob last = NewJobs.job().build();

    assertThat(store.insert(List.of(first, NewJobs.job().repeatable(known).build(), last)))
        .containsExactly(
            new Enqueued.Created(first.id()),
            new Enqueued.Existing(known),
            new Enqueued.Created(last.id()));
    assertThat(claim(engine(), 10)).hasSize(3);
  }

  /** Without {@code mayExist} a store need not look; it may refuse, but never keep two. */
  @Test
  void anIdIsNeverStoredTwice() {
    NewJob job = NewJobs.job().build();
    insert(job);
    LeasedJob claimed = claimOne(engine());

    try {
      insert(NewJobs.job().id(job.id()).build());
    } catch (JobException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }

    assertThat(claim(engine(), 10)).isEmpty();
    settled(claimed, succeeded());
    assertThat(state(job.id())).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void oneRefusedJobRefusesTheWholeInsert() {
    NewJob good = NewJobs.job().key("k").build();
    NewJob orphan = NewJobs.job().after(new JobId(UUID.randomUUID())).build();

    assertThatThrownBy(() -> store.insert(List.of(good, orphan)))
        .isInstanceOf(InvalidJobException.class);

    assertThat(records().find(good.id())).isEmpty();
    assertThat(records().find(orphan.id())).isEmpty();
    assertThat(store.insert(List.of(NewJobs.job().key("k").build())).get(0))
        .as("its key is free")
        .isInstanceOf(Enqueued.Created.class);
  }

  @Test
  void aRelaxedInsertIsAnInsert() {
    NewJob job = NewJobs.job().build();

    assertThat(store.insert(List.of(job), Durability.RELAXED))
        .containsExactly(new Enqueued.Created(job.id()));
    assertThat(claimOne(engine()).id()).isEqualTo(job.id());
  }
}
