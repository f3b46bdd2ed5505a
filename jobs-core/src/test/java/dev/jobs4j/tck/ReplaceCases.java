package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.api.UniqueKey.OnConflict;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job that waits under a key gets another content; one that runs is followed by another. */
abstract class ReplaceCases extends StoreCases {

  private static final Duration HOUR = Duration.ofHours(1);

  @BeforeEach
  void canReplace() {
    assumeTrue(can(Capability.REPLACE), "replaces no waiting jobs");
  }

  private static Payload payload(String text) {
    return new Payload("json", text.getBytes(StandardCharsets.UTF_8));
  }

  private static NewJobs with(String text) {
    return NewJobs.job().payload(payload(text));
  }

  private Enqueued insertOf(NewJob job) {
    return store.insert(List.of(job)).get(0);
  }

  private static String text(LeasedJob job) {
    return new String(job.payload().bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void aFreeKeyIsTaken() {
    NewJob job = with("1").replace("k").build();

    assertThat(insertOf(job)).isEqualTo(new Enqueued.Created(job.id()));
  }

  @Test
  void theWaitingJobGetsTheNewPayload() {
    NewJob first = with("1").key("k").build();
    insert(first);

    assertThat(insertOf(with("2").replace("k").build()))
        .isEqualTo(new Enqueued.Existing(first.id(), true));

    LeasedJob claimed = claimOne(engine());
    assertThat(claimed.id()).isEqualTo(first.id());
    assertThat(text(claimed)).isEqualTo("2");
  }

  @Test
  void theTurnedDownJobIsKnownToNobody() {
    insert(with("1").key("k").build());
    NewJob second = with("2").replace("k").build();
    insert(second);

    assertThat(records().find(second.id())).isEmpty();
  }

  @Test
  void aReplacedJobKeepsItsDueTime() {
    NewJob first = with("1").key("k").delay(HOUR).build();
    insert(first);
    Job before = job(first.id());
    insert(with("2").replace("k").build());

    assertThat(job(first.id()).runAt()).isEqualTo(before.runAt());
    assertThat(claim(engine(), 10)).isEmpty();
    advance(HOUR.plusMinutes(1));
    assertThat(text(claimOne(engine()))).isEqualTo("2");
  }

  @Test
  void aDebouncedJobIsPutOff() {
    insert(with("1").debounce("k", HOUR).build());
    advance(Duration.ofMinutes(40));
    insert(with("2").debounce("k", HOUR).build());
    advance(Duration.ofMinutes(40));
    assertThat(claim(engine(), 10)).isEmpty();
    advance(Duration.ofMinutes(21));

    assertThat(text(claimOne(engine()))).isEqualTo("2");
  }

  @Test
  void aDebounceMayBringAJobForward() {
    insert(with("1").key("k").delay(HOUR).build());
    insert(with("2").debounce("k", Duration.ZERO).build());

    assertThat(text(claimOne(engine()))).isEqualTo("2");
  }

  @Test
  void everythingElseIsReplacedToo() {
    NewJob first = with("1").key("k").tenant("old").tags("a").maxAttempts(2).build();
    insert(first);
    insert(
        with("2")
            .replace("k")
            .queue(JobQueue.of("elsewhere"))
            .type("tck.other")
            .typeVersion(3)
            .priority(Priority.HIGH)
            .tenant("new")
            .tags("b", "c")
            .maxAttempts(7)
            .headers(Map.of("h", "2"))
            .build());

    EngineId engine = engine();
    assertThat(claim(engine, 10)).isEmpty();
    List<LeasedJob> claimed =
        store.claim(
            new ClaimRequest(
                engine,
                UUID.randomUUID(),
                JobQueue.of("elsewhere"),
                Map.of("tck.other", 3),
                10,
                false));
    assertThat(claimed).hasSize(1);
    LeasedJob job = claimed.get(0);
    assertThat(job.id()).isEqualTo(first.id());
    assertThat(job.typeVersion()).isEqualTo(3);
    assertThat(job.tenant()).isEqualTo("new");
    assertThat(job.tags()).containsExactlyInAnyOrder("b", "c");
    assertThat(job.maxAttempts()).isEqualTo(7);
    assertThat(job.headers()).isEqualTo(Map.of("h", "2"));
    assertThat(job(first.id()).priority()).isEqualTo(Priority.HIGH);
  }

  @Test
  void theExpiryIsThatOfTheNewJob() {
    assumeTrue(can(Capability.EXPIRY), "gives no job up in time");
    NewJob first = with("1").key("k").expireAfter(HOUR).build();
    insert(first);
    insert(with("2").replace("k").build());
    advance(HOUR.plusMinutes(1));

    assertThat(store.expire(10)).isEmpty();
    assertThat(text(claimOne(engine()))).isEqualTo("2");
  }

  @Test
  void aReplacedJobRunsOnce() {
    insert(with("1").key("k").build());
    insert(with("2").replace("k").build());
    insert(with("3").replace("k").build());

    assertThat(claim(engine(), 10)).hasSize(1);
  }

  @Test
  void attemptsCountFromTheStartAndTokensGoOn() {
    NewJob first = with("1").key("k").build();
    insert(first);
    EngineId engine = engine();
    settled(claimOne(engine), retry());
    insert(with("2").replace("k").build());

    LeasedJob claimed = claimOne(engine);
    assertThat(claimed.attempt()).isEqualTo(1);
    assertThat(lease(claimed).token()).isEqualTo(2);
    assertThat(records().attempts(first.id())).hasSize(1);
  }

  @Test
  void aRunningJobKeepsItsPayloadAndAnotherFollows() {
    NewJob first = with("1").key("k").build();
    insert(first);
    LeasedJob running = claimOne(engine());
    NewJob second = with("2").replace("k").build();

    assertThat(insertOf(second)).isEqualTo(new Enqueued.Created(second.id()));

    assertThat(state(first.id())).isEqualTo(JobState.RUNNING);
    settled(running, succeeded());
    assertThat(text(claimOne(engine()))).isEqualTo("2");
  }

  @Test
  void theJobThatFollowsHoldsTheKey() {
    insert(with("1").key("k").build());
    LeasedJob running = claimOne(engine());
    NewJob second = with("2").replace("k").build();
    insert(second);

    assertThat(insertOf(with("3").key("k").build())).isEqualTo(new Enqueued.Existing(second.id()));
    settled(running, succeeded());
    assertThat(insertOf(with("4").key("k").build())).isEqualTo(new Enqueued.Existing(second.id()));
  }

  @Test
  void inTheWindowOfAJobThatHasEndedNothingChanges() {
    UniqueKey key = new UniqueKey("k", HOUR, OnConflict.REPLACE);
    NewJob first = NewJobs.job().key("k", HOUR).build();
    insert(first);
    settled(claimOne(engine()), succeeded());
    NewJob second = NewJobs.job().build().toBuilder().uniqueKey(key).build();

    assertThat(insertOf(second)).isEqualTo(new Enqueued.Existing(first.id(), false));
    assertThat(records().find(second.id())).isEmpty();
    advance(HOUR.plusMinutes(1));
    assertThat(insertOf(second)).isEqualTo(new Enqueued.Created(second.id()));
  }

  @Test
  void theSecondOfOneInsertReplacesTheFirst() {
    NewJob first = with("1").replace("k").build();
    NewJob second = with("2").replace("k").build();

    assertThat(store.insert(List.of(first, second)))
        .containsExactly(new Enqueued.Created(first.id()), new Enqueued.Existing(first.id(), true));
    assertThat(text(claimOne(engine()))).isEqualTo("2");
  }

  @Test
  void aJobThatWaitsForOthersGoesOnWaiting() {
    JobId parent = insertOne();
    NewJob child = with("1").key("k").after(parent).build();
    insert(child);
    insert(with("2").replace("k").build());

    LeasedJob first = claimOne(engine());
    assertThat(first.id()).isEqualTo(parent);
    settled(first, succeeded());
    assertThat(text(claimOne(engine()))).isEqualTo("2");
  }

  @Test
  void aReplacementShowsWhenItsTransactionCommits() {
    assumeTrue(can(Capability.TRANSACTIONAL_ENQUEUE), "joins no transactions");
    insert(with("1").key("k").build());
    try (TestTransaction transaction = fixture().begin()) {
      store.insert(List.of(with("2").replace("k").build()), transaction.handle());
      transaction.commit();
    }

    assertThat(text(claimOne(engine()))).isEqualTo("2");
  }

  @Test
  void aReplacementThatIsRolledBackNeverWas() {
    assumeTrue(can(Capability.TRANSACTIONAL_ENQUEUE), "joins no transactions");
    NewJob first = with("1").key("k").build();
    insert(first);
    Job before = job(first.id());
    try (TestTransaction transaction = fixture().begin()) {
      store.insert(
          List.of(with("2").debounce("k", HOUR).priority(Priority.LOW).build()),
          transaction.handle());
      transaction.rollback();
    }

    assertThat(job(first.id()).runAt()).isEqualTo(before.runAt());
    assertThat(job(first.id()).priority()).isEqualTo(before.priority());
    assertThat(text(claimOne(engine()))).isEqualTo("1");
  }

  @Test
  void nobodyStartsAJobThatAnOpenTransactionReplaces() {
    assumeTrue(can(Capability.TRANSACTIONAL_ENQUEUE), "joins no transactions");
    insert(with("1").key("k").build());
    try (TestTransaction transaction = fixture().begin()) {
      store.insert(List.of(with("2").replace("k").build()), transaction.handle());

      assertThat(claim(engine(), 10)).isEmpty();
      transaction.commit();
    }
    assertThat(text(claimOne(engine()))).isEqualTo("2");
  }

  @Test
  void whoEndsTogetherLeavesTheKeyFree() {
    insert(with("1").key("k").build());
    EngineId engine = engine();
    LeasedJob first = claimOne(engine);
    insert(with("2").replace("k").build());
    LeasedJob second = claimOne(engine);
    Outcome died = new Outcome.Dead(DeadReason.REJECTED, FAILURE);

    settleAll(new Settlement(second.lease(), succeeded()), new Settlement(first.lease(), died));

    NewJob third = with("3").key("k").build();
    assertThat(insertOf(third)).isEqualTo(new Enqueued.Created(third.id()));
  }
}
