package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is paused starts no job, keeps nobody else waiting, and goes on as if nothing had been. */
abstract class PauseCases extends StoreCases {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Operator ANN = new Operator("ann", "provider is down");
  private static final Pause.Target QUEUE_TARGET = Pause.queue(QUEUE.name());

  @BeforeEach
  void canPause() {
    assumeTrue(can(Capability.PAUSE), "pauses nothing");
  }

  private Pauses pauses() {
    return store.pauses().orElseThrow();
  }

  private void pause(Pause.Target target) {
    pauses().pause(target, ANN);
  }

  private JobId insertFor(String tenant) {
    NewJob job = NewJobs.job().tenant(tenant).build();
    insert(job);
    advance(Duration.ofSeconds(1)); // the next one is due later
    return job.id();
  }

  private JobId insertOf(String type) {
    NewJob job = NewJobs.job().type(type).build();
    insert(job);
    return job.id();
  }

  private List<JobId> claimTypes(EngineId engine, int limit) {
    return store
        .claim(
            new ClaimRequest(
                engine,
                UUID.randomUUID(),
                QUEUE,
                Map.of(NewJobs.TYPE, 1, "tck.other", 1),
                limit,
                true))
        .stream()
        .map(LeasedJob::id)
        .toList();
  }

  @Test
  void aPausedQueueStartsNothing() {
    insertOne();
    pause(QUEUE_TARGET);

    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void anotherNodeKeepsToThePause() {
    insertOne();
    open().pauses().orElseThrow().pause(QUEUE_TARGET, ANN);

    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aPauseHoldsFromTheNextClaimOn() {
    insertMany(3);
    EngineId engine = engine();
    assertThat(claim(engine, 1)).hasSize(1);
    open().pauses().orElseThrow().pause(QUEUE_TARGET, ANN);

    assertThat(claim(engine, 1)).isEmpty();
  }

  @Test
  void otherQueuesGoOn() {
    JobId id = insertOne();
    pause(Pause.queue("other"));

    assertThat(claimOne(engine()).id()).isEqualTo(id);
  }

  @Test
  void aResumedQueueGoesOn() {
    JobId id = insertOne();
    pause(QUEUE_TARGET);

    assertThat(pauses().resume(QUEUE_TARGET)).isTrue();
    assertThat(claimOne(engine()).id()).isEqualTo(id);
  }

  @Test
  void whatIsNotPausedCannotBeResumed() {
    pause(QUEUE_TARGET);

    assertThat(pauses().resume(Pause.type(QUEUE.name()))).isFalse();
    assertThat(pauses().resume(QUEUE_TARGET)).isTrue();
    assertThat(pauses().resume(QUEUE_TARGET)).isFalse();
  }

  @Test
  void aPausedNodeStartsNothing() {
    insertOne();
    pause(Pause.node("node"));

    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void otherNodesGoOn() {
    JobId id = insertOne();
    pause(Pause.node("another"));

    assertThat(claimOne(engine()).id()).isEqualTo(id);
  }

  @Test
  void aPausedTypeDoesNotHoldUpTheOthers() {
    insertOf("tck.other");
    JobId id = insertOne();
    pause(Pause.type("tck.other"));
    EngineId engine = engine();

    assertThat(claimTypes(engine, 1)).containsExactly(id);
    assertThat(claimTypes(engine, 1)).isEmpty();
  }

  @Test
  void aResumedTypeGoesOn() {
    JobId id = insertOf("tck.other");
    pause(Pause.type("tck.other"));
    assertThat(claimTypes(engine(), 1)).isEmpty();
    pauses().resume(Pause.type("tck.other"));

    assertThat(claimTypes(engine(), 1)).containsExactly(id);
  }

  @Test
  void aPausedTenantDoesNotHoldUpTheOthers() {
    insertFor("slow");
    JobId other = insertFor("quick");
    JobId nobodys = insertOne();
    pause(Pause.tenant("slow"));
    EngineId engine = engine();

    assertThat(claimOne(claim(engine, 1))).isEqualTo(other);
    assertThat(claimOne(claim(engine, 1))).isEqualTo(nobodys);
    assertThat(claim(engine, 1)).isEmpty();
  }

  private static JobId claimOne(List<LeasedJob> jobs) {
    assertThat(jobs).hasSize(1);
    return jobs.get(0).id();
  }

  @Test
  void jobsOfAResumedTenantKeepTheirOrder() {
    JobId first = insertFor("slow");
    JobId second = insertFor("quick");
    JobId third = insertFor("slow");
    pause(Pause.tenant("slow"));
    assertThat(claimOne(engine()).id()).isEqualTo(second);
    assertThat(claim(engine(), 10)).isEmpty();
    pauses().resume(Pause.tenant("slow"));

    assertThat(claim(engine(), 10)).extracting(LeasedJob::id).containsExactly(first, third);
  }

  @Test
  void namesOfOneKindDoNotPauseAnother() {
    JobId id = insertFor("acme");
    pause(Pause.node(QUEUE.name()));
    pause(Pause.queue("acme"));
    pause(Pause.type("acme"));
    pause(Pause.tenant(NewJobs.TYPE));

    assertThat(claimOne(engine()).id()).isEqualTo(id);
  }

  @Test
  void whatRunsGoesOn() {
    JobId id = insertOne();
    LeasedJob running = claimOne(engine());
    pause(QUEUE_TARGET);

    settled(running, succeeded());
    assertThat(job(id).finishedAt()).isPresent();
  }

  @Test
  void aPauseIsOverByTheStoresClock() {
    JobId id = insertOne();
    Instant until = storeNow().plus(HOUR);
    pauses().pause(QUEUE_TARGET, ANN, until);
    advance(HOUR.minusMinutes(2));
    assertThat(claim(engine(), 10)).isEmpty();
    advance(Duration.ofMinutes(3));

    assertThat(claimOne(engine()).id()).isEqualTo(id);
    assertThat(pauses().list()).isEmpty();
    assertThat(pauses().resume(QUEUE_TARGET)).isFalse();
  }

  @Test
  void aPauseThatIsOverIsPruned() {
    pauses().pause(QUEUE_TARGET, ANN, storeNow().plus(HOUR));
    pause(Pause.type("stays"));
    assertThat(prune(Duration.ofDays(1), 100)).isZero();
    advance(HOUR.plusMinutes(1));

    assertThat(prune(Duration.ofDays(1), 100)).isEqualTo(1);
    assertThat(pauses().list()).extracting(Pause::target).containsExactly(Pause.type("stays"));
  }

  @Test
  void pausesAreListedWithWhoWhyAndUntil() {
    Instant until = Instant.parse("2199-01-01T00:00:00.000001Z");
    Instant before = storeNow();
    Operator tenant = new Operator("acme", "it asked for it");
    pauses().pause(Pause.tenant("acme"), tenant, until);
    pause(Pause.node("a-node"));
    pause(QUEUE_TARGET);

    List<Pause> list = pauses().list();
    assertThat(list)
        .extracting(Pause::target)
        .containsExactly(Pause.node("a-node"), QUEUE_TARGET, Pause.tenant("acme"));
    assertThat(list).extracting(Pause::end).containsExactly(null, null, until);
    assertThat(list).extracting(Pause::by).containsExactly(ANN, ANN, tenant);
    assertThat(list.get(1).since()).isBetween(before, before.plus(Duration.ofMinutes(2)));
  }

  @Test
  void pausingAgainReplacesAllButSince() {
    pauses().pause(QUEUE_TARGET, ANN, storeNow().plus(HOUR));
    Instant since = pauses().list().get(0).since();
    advance(Duration.ofMinutes(10));
    Operator bob = new Operator("bob", "still down");
    pauses().pause(QUEUE_TARGET, bob);

    assertThat(pauses().list()).containsExactly(new Pause(QUEUE_TARGET, bob, since, null));
  }

  @Test
  void aPauseAfterOneThatIsOverIsNew() {
    pauses().pause(QUEUE_TARGET, ANN, storeNow().plus(HOUR));
    advance(HOUR.plusMinutes(10));
    Instant again = storeNow();
    pause(QUEUE_TARGET);

    assertThat(pauses().list().get(0).since()).isAfterOrEqualTo(again);
  }

  @Test
  void aPausedSuspectWaitsToo() {
    JobId id = insertFor("slow");
    claimOne(engine());
    expireEngines();
    reap();
    Job suspect = job(id);
    assertThat(suspect.suspect()).isTrue();
    pause(Pause.tenant("slow"));
    assertThat(claim(engine(), 10)).isEmpty();
    pauses().resume(Pause.tenant("slow"));

    assertThat(claimOne(engine()).id()).isEqualTo(id);
  }

  @Test
  void aPauseOfOneQueueLeavesTheOther() {
    NewJob job = NewJobs.job().queue(JobQueue.of("spare")).build();
    insert(job);
    insertOne();
    pause(QUEUE_TARGET);
    List<LeasedJob> jobs =
        store.claim(
            new ClaimRequest(
                engine(),
                UUID.randomUUID(),
                JobQueue.of("spare"),
                Map.of(NewJobs.TYPE, 1),
                10,
                true));

    assertThat(jobs).extracting(LeasedJob::id).containsExactly(job.id());
  }
}
