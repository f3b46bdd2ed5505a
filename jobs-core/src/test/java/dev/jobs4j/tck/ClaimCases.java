package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which jobs a claim gives out, and what it makes of them. */
abstract class ClaimCases extends StoreCases {

  private static final Duration HOUR = Duration.ofHours(1);

  private List<JobId> claimOneByOne(EngineId engine, int count) {
    List<JobId> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      claim(engine, 1).forEach(job -> order.add(job.id()));
    }
    return order;
  }

  @Test
  void aClaimGivesAtMostItsLimit() {
    insertMany(5);

    assertThat(claim(engine(), 3)).hasSize(3);
    assertThat(claim(engine(), 3)).hasSize(2);
  }

  @Test
  void theMostUrgentJobIsClaimedFirst() {
    List<NewJob> mostUrgentFirst =
        Arrays.stream(Priority.values()).map(p -> NewJobs.job().priority(p).build()).toList();
    for (int i = mostUrgentFirst.size() - 1; i >= 0; i--) {
      insert(mostUrgentFirst.get(i));
    }

    assertThat(claimOneByOne(engine(), 5))
        .containsExactlyElementsOf(mostUrgentFirst.stream().map(NewJob::id).toList());
  }

  @Test
  void aBatchTakesTheMostUrgentJobs() {
    insert(NewJobs.job().priority(Priority.BULK).build());
    NewJob high = NewJobs.job().priority(Priority.HIGH).build();
    insert(high);
    insert(NewJobs.job().priority(Priority.LOW).build());
    NewJob critical = NewJobs.job().priority(Priority.CRITICAL).build();
    insert(critical);

    assertThat(claim(engine(), 2).stream().map(LeasedJob::id))
        .containsExactlyInAnyOrder(critical.id(), high.id());
  }

  @Test
  void amongEquallyUrgentJobsTheLongestDueComesFirst() {
    NewJob third = NewJobs.job().delay(HOUR.multipliedBy(3)).build();
    NewJob first = NewJobs.job().delay(HOUR).build();
    NewJob second = NewJobs.job().delay(HOUR.multipliedBy(2)).build();
    insert(third, first, second);
    advance(HOUR.multipliedBy(4));

    assertThat(claimOneByOne(engine(), 3)).containsExactly(first.id(), second.id(), third.id());
  }

  @Test
  void anUrgentJobThatIsNotDueHoldsNobodyUp() {
    insert(NewJobs.job().priority(Priority.CRITICAL).delay(HOUR).build());
    JobId due = insertOne();

    assertThat(claimOne(engine()).id()).isEqualTo(due);
  }

  @Test
  void aDelayedJobIsNotClaimedBeforeItIsDue() {
    insert(NewJobs.job().delay(HOUR).build());
    advance(Duration.ofMinutes(58));

    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aDelayedJobIsClaimedOnceItIsDue() {
    NewJob job = NewJobs.job().delay(HOUR).build();
    insert(job);
    advance(HOUR.plusSeconds(1));

    assertThat(claimOne(engine()).id()).isEqualTo(job.id());
  }

  @Test
  void aJobWithAnInstantIsClaimedNoSooner() {
    Instant due = storeNow().plus(HOUR);
    NewJob job = NewJobs.job().at(due).build();
    insert(job);
    advance(Duration.ofMinutes(58));
    assertThat(claim(engine(), 10)).isEmpty();

    advance(Duration.ofMinutes(3));

    assertThat(claimOne(engine()).id()).isEqualTo(job.id());
  }

  @Test
  void anInstantInThePastIsDueAtOnce() {
    NewJob job = NewJobs.job().at(Instant.parse("1969-07-20T20:17:40Z")).build();
    insert(job);

    assertThat(claimOne(engine()).id()).isEqualTo(job.id());
  }

  @Test
  void otherQueuesAreLeftAlone() {
    insert(NewJobs.job().queue(JobQueue.of("other")).build());
    insert(NewJobs.job().queue(JobQueue.of("TCK")).build());
    JobId own = insertOne();

    assertThat(claimOne(engine()).id()).isEqualTo(own);
  }

  @Test
  void unknownTypesAreLeftAlone() {
    NewJob unknown = NewJobs.job().type("tck.later").build();
    insert(unknown);
    insert(NewJobs.job().type("TCK.WORK").build());

    assertThat(claim(engine(), 10)).isEmpty();

    Job found = job(unknown.id());
    assertThat(found.state()).isEqualTo(JobState.PENDING);
    assertThat(found.attempt()).isZero();
    assertThat(found.token()).isZero();
  }

  @Test
  void unknownTypesAheadHoldNobodyUp() {
    for (int i = 0; i < 50; i++) {
      insert(NewJobs.job().type("tck.later").priority(Priority.CRITICAL).build());
    }
    JobId known = insertOne();

    assertThat(claim(engine(), 1).stream().map(LeasedJob::id)).containsExactly(known);
  }

  @Test
  void aClaimTakesAllTheTypesItNames() {
    insertOne();
    insert(NewJobs.job().type("tck.other").build());
    ClaimRequest both =
        new ClaimRequest(
            engine(), UUID.randomUUID(), QUEUE, Map.of(NewJobs.TYPE, 1, "tck.other", 1), 10, false);

    assertThat(store.claim(both)).hasSize(2);
  }

  private List<LeasedJob> claimReading(int version) {
    return store.claim(
        new ClaimRequest(
            engine(), UUID.randomUUID(), QUEUE, Map.of(NewJobs.TYPE, version), 1, false));
  }

  @Test
  void aNewerPayloadVersionIsLeftToANodeThatReadsIt() {
    insert(NewJobs.job().typeVersion(3).build());

    assertThat(claimReading(2)).isEmpty();
    assertThat(claimReading(3)).hasSize(1);
  }

  @Test
  void anOlderPayloadVersionIsTaken() {
    insert(NewJobs.job().typeVersion(2).build());
    insert(NewJobs.job().typeVersion(1).build());

    assertThat(claimReading(3)).hasSize(1);
    assertThat(claimReading(3)).hasSize(1);
  }

  @Test
  void newerPayloadVersionsDoNotHoldUpTheOthers() {
    insert(NewJobs.job().typeVersion(2).build());
    insert(NewJobs.job().typeVersion(2).build());
    JobId readable = insertOne();

    assertThat(claimReading(1)).extracting(LeasedJob::id).containsExactly(readable);
  }

  @Test
  void aClaimTellsHowOldTheJobIs() {
    insertOne();
    advance(Duration.ofHours(1));
    LeasedJob first = claimOne(engine());
    settled(first, retry());
    advance(Duration.ofHours(1));

    assertThat(first.age()).isBetween(Duration.ofMinutes(60), Duration.ofMinutes(65));
    assertThat(claimOne(engine()).age())
        .isBetween(Duration.ofMinutes(120), Duration.ofMinutes(125));
  }

  @Test
  void aClaimWithoutTypesGivesNothing() {
    insertOne();
    ClaimRequest none = new ClaimRequest(engine(), UUID.randomUUID(), QUEUE, Map.of(), 10, true);

    assertThat(store.claim(none)).isEmpty();
  }

  @Test
  void aClaimStartsTheNextAttempt() {
    JobId id = insertOne();

    LeasedJob claimed = claimOne(engine());

    assertThat(claimed.attempt()).isEqualTo(1);
    assertThat(job(id).attempt()).isEqualTo(1);
    assertThat(state(id)).isEqualTo(JobState.RUNNING);
  }

  @Test
  void eachClaimHasATokenOneHigher() {
    JobId id = insertOne();
    EngineId engine = engine();
    for (long token = 1; token <= 4; token++) {
      LeasedJob claimed = claimOne(engine);
      assertThat(claimed.lease()).isEqualTo(new TokenLease(id, token));
      assertThat(claimed.fencingToken()).isEqualTo(OptionalLong.of(token));
      assertThat(job(id).token()).isEqualTo(token);
      settled(claimed, retry());
    }
  }

  @Test
  void aRunningJobIsInNoClaim() {
    insertOne();
    claimOne(engine());

    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aClaimOfAnotherNodeSeesWhatIsTaken() {
    insertOne();
    claimOne(engine());

    assertThat(open().claim(claimOf(engine(), 10))).isEmpty();
  }

  @Test
  void aClaimWhoseReplyWasLostCanBeAskedFor() {
    EngineId engine = engine();
    insert(NewJobs.job().tenant("acme").maxAttempts(3).build());
    ClaimRequest request = claimOf(engine, 10);
    LeasedJob lost = store.claim(request).get(0);

    List<LeasedJob> found = open().claimed(engine, request.claimId());

    assertThat(found).hasSize(1);
    LeasedJob job = found.get(0);
    assertThat(job.payload().bytes()).isEqualTo(lost.payload().bytes());
    assertThat(job).usingRecursiveComparison().ignoringFields("payload", "age").isEqualTo(lost);
  }

  @Test
  void aClaimTellsOnlyItsOwnJobsAgain() {
    EngineId engine = engine();
    insertMany(2);
    ClaimRequest first = claimOf(engine, 1);
    ClaimRequest second = claimOf(engine, 1);
    JobId one = store.claim(first).get(0).id();
    JobId two = store.claim(second).get(0).id();

    assertThat(store.claimed(engine, first.claimId()).stream().map(LeasedJob::id))
        .containsExactly(one);
    assertThat(store.claimed(engine, second.claimId()).stream().map(LeasedJob::id))
        .containsExactly(two);
    assertThat(store.claimed(engine, UUID.randomUUID())).isEmpty();
  }

  @Test
  void aClaimTellsOnlyWhatItsEngineStillHolds() {
    EngineId engine = engine();
    insertMany(3);
    ClaimRequest request = claimOf(engine, 10);
    List<LeasedJob> jobs = store.claim(request);

    settled(jobs.get(0), succeeded());
    settled(jobs.get(1), retry());

    assertThat(store.claimed(engine, request.claimId()).stream().map(LeasedJob::id))
        .containsExactly(jobs.get(2).id());
  }

  @Test
  void aLostReplyIsForgottenWhenTheEngineDies() {
    EngineId engine = engine();
    insertOne();
    ClaimRequest request = claimOf(engine, 10);
    store.claim(request);
    expireEngines();
    reap();

    assertThat(store.claimed(engine, request.claimId())).isEmpty();
  }

  @Test
  void theBooksNameEveryLeaseOfAnEngine() {
    EngineId engine = engine();
    EngineId other = engine();
    insertMany(5);
    List<LeasedJob> own = new ArrayList<>(claim(engine, 2));
    claim(other, 1);
    own.addAll(claim(engine, 2));

    assertThat(store.held(engine))
        .containsExactlyInAnyOrderElementsOf(own.stream().map(StoreCases::lease).toList());
    assertThat(store.held(other)).hasSize(1);
    assertThat(store.held(new EngineId(UUID.randomUUID()))).isEmpty();
  }
}
