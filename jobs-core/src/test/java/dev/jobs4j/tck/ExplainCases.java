package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Explanation;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Obstacle;
import dev.jobs4j.api.Obstacle.Kind;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Priority;
import dev.jobs4j.core.internal.client.Obstacles;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whatever keeps a job from running has a reason that people are told. */
abstract class ExplainCases extends StoreCases {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Operator ANN = new Operator("ann", "provider is down");

  private Explanation explain(JobId id) {
    return Obstacles.explain(records(), id).orElseThrow();
  }

  private List<Kind> kinds(JobId id) {
    return explain(id).obstacles().stream().map(Obstacle::kind).toList();
  }

  private Obstacle only(JobId id) {
    List<Obstacle> obstacles = explain(id).obstacles();
    assertThat(obstacles).hasSize(1);
    return obstacles.get(0);
  }

  private JobId insertOne(NewJobs job) {
    NewJob built = job.build();
    insert(built);
    return built.id();
  }

  private void pause(Pause.Target target) {
    assumeTrue(can(Capability.PAUSE), "pauses nothing");
    store.pauses().orElseThrow().pause(target, ANN);
  }

  private EngineId engine(String name, Map<JobQueue, Integer> queues, Map<String, Integer> types) {
    EngineId id = new EngineId(UUID.randomUUID());
    register(id, name, queues, types);
    return id;
  }

  @Test
  void whatStartsNextHasNoObstacle() {
    engine();
    JobId id = insertOne();
    Explanation explanation = explain(id);

    assertThat(explanation.obstacles()).isEmpty();
    assertThat(explanation.isClaimable()).isTrue();
    assertThat(explanation.asOf()).isBetween(job(id).createdAt(), storeNow());
  }

  @Test
  void anUnknownJobIsNotExplained() {
    assertThat(Obstacles.explain(records(), new JobId(UUID.randomUUID()))).isEmpty();
  }

  @Test
  void whatHasEndedRunsNoMore() {
    JobId id = insertOne();
    settled(claimOne(engine()), succeeded());

    assertThat(only(id).kind()).isEqualTo(Kind.ENDED);
    assertThat(only(id).text()).contains("SUCCEEDED");
  }

  @Test
  void whatRunsIsToldWithItsNode() {
    JobId id = insertOne();
    engine();
    claimOne(engine("worker-7", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 1)));

    assertThat(only(id).kind()).isEqualTo(Kind.RUNNING);
    assertThat(only(id).text()).contains("worker-7");
  }

  @Test
  void whatRanOnADeadNodeIsToldSo() {
    JobId id = insertOne();
    claimOne(engine());
    advance(LEASE.plusSeconds(1));
    engine();

    assertThat(only(id).kind()).isEqualTo(Kind.RUNNING);
    assertThat(only(id).text()).contains("expired");
  }

  @Test
  void whatIsNotDueHasItsTime() {
    engine();
    JobId id = insertOne(NewJobs.job().delay(DAY));

    assertThat(only(id).kind()).isEqualTo(Kind.NOT_DUE);
    assertThat(only(id).until()).contains(job(id).runAt());
  }

  @Test
  void whatWaitsForJobsNamesThem() {
    engine();
    JobId first = insertOne(NewJobs.job().delay(DAY));
    JobId second = insertOne(NewJobs.job().delay(DAY));
    JobId child = insertOne(NewJobs.job().after(first, second));

    assertThat(only(child).kind()).isEqualTo(Kind.PARENTS);
    assertThat(only(child).text())
        .contains("2 jobs", first.toString(), second.toString())
        .doesNotContain("at least");
  }

  @Test
  void ofManyParentsTheFirstAreNamed() {
    engine();
    List<JobId> parents = insertMany(30);
    JobId child = insertOne(NewJobs.job().after(parents.toArray(JobId[]::new)));

    assertThat(only(child).text()).contains("at least 10 jobs");
    assertThat(parents.stream().filter(id -> only(child).text().contains(id.toString())))
        .hasSize(10);
  }

  @Test
  void aParentThatHasSucceededIsNotNamed() {
    JobId first = insertOne();
    JobId second = insertOne(NewJobs.job().delay(DAY));
    JobId child = insertOne(NewJobs.job().after(first, second));
    settled(claimOne(engine()), succeeded());

    assertThat(only(child).text()).contains(second.toString()).doesNotContain(first.toString());
  }

  @Test
  void whoStandsInALineIsToldWhoIsFirst() {
    assumeTrue(can(Capability.FIFO), "has no lines");
    engine();
    JobId head = insertOne(NewJobs.job().delay(DAY).fifo("acme"));
    insertOne(NewJobs.job().fifo("acme"));
    JobId last = insertOne(NewJobs.job().fifo("acme"));

    assertThat(kinds(head)).containsExactly(Kind.NOT_DUE);
    assertThat(only(last).kind()).isEqualTo(Kind.FIFO);
    assertThat(only(last).text()).contains(head.toString(), "acme").doesNotContain("dead");
    assertThat(job(last).line()).contains("acme");
  }

  @Test
  void aDeadJobThatBlocksItsLineIsToldSo() {
    assumeTrue(can(Capability.FIFO), "has no lines");
    JobId head = insertOne(NewJobs.job().fifo("acme", Fifo.OnDead.BLOCK));
    JobId next = insertOne(NewJobs.job().fifo("acme"));
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertThat(only(next).kind()).isEqualTo(Kind.FIFO);
    assertThat(only(next).text()).contains(head.toString(), "dead");
  }

  @Test
  void whatMeetsAFullLimitNamesIt() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    store.limits().orElseThrow().define(JobLimit.running("few", 1));
    insertOne(NewJobs.job().limits("few/acme"));
    EngineId engine = engine();
    claimOne(engine);
    JobId met = insertOne(NewJobs.job().limits("few/acme"));
    assertThat(kinds(met)).as("before a claim has met it").containsExactly(Kind.LIMIT);
    assertThat(claim(engine, 10)).isEmpty();

    assertThat(only(met).kind()).isEqualTo(Kind.LIMIT);
    assertThat(only(met).text()).contains("few/acme");
    assertThat(only(met).until()).isEmpty();
    assertThat(job(met).limits()).containsExactly(LimitKey.parse("few/acme"));
    assertThat(kinds(insertOne(NewJobs.job().limits("few/other")))).isEmpty();
  }

  @Test
  void aLimitThatIsOpenAgainIsNoObstacle() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    store.limits().orElseThrow().define(JobLimit.running("few", 1));
    insertOne(NewJobs.job().limits("few/acme"));
    EngineId engine = engine();
    LeasedJob running = claimOne(engine);
    JobId met = insertOne(NewJobs.job().limits("few/acme"));
    assertThat(claim(engine, 10)).isEmpty();
    settled(running, succeeded());

    assertThat(kinds(met)).isEmpty();
    assertThat(claimOne(engine).id()).isEqualTo(met);
  }

  @Test
  void whatMeetsARateIsToldWhenItOpens() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    store
        .limits()
        .orElseThrow()
        .define(new JobLimit("slow", null, new JobLimit.Rate(1, Duration.ofHours(1), 1)));
    insertOne(NewJobs.job().limits("slow/acme"));
    Instant before = storeNow();
    claimOne(engine());
    JobId next = insertOne(NewJobs.job().limits("slow/acme"));

    assertThat(only(next).kind()).isEqualTo(Kind.LIMIT);
    assertThat(only(next).until().orElseThrow())
        .isBetween(before.plus(Duration.ofHours(1)), storeNow().plus(Duration.ofHours(1)));
  }

  @Test
  void aPauseIsToldWithWhoAndWhy() {
    engine();
    JobId id = insertOne(NewJobs.job().tenant("acme"));
    pause(Pause.queue(QUEUE.name()));
    pause(Pause.type(NewJobs.TYPE));
    pause(Pause.tenant("acme"));
    pause(Pause.tenant("other"));
    pause(Pause.node("other"));

    assertThat(kinds(id)).containsExactly(Kind.QUEUE_PAUSED, Kind.TYPE_PAUSED, Kind.TENANT_PAUSED);
    assertThat(explain(id).obstacles())
        .allSatisfy(o -> assertThat(o.text()).contains("ann", "provider is down"));
  }

  @Test
  void thePauseOfANodeMattersIfNoOtherCouldRunIt() {
    JobId id = insertOne();
    engine();
    Instant until = storeNow().plus(DAY);
    pause(Pause.node("node"));
    store.pauses().orElseThrow().pause(Pause.node("node"), ANN, until);

    assertThat(only(id).kind()).isEqualTo(Kind.NODE_PAUSED);
    assertThat(only(id).until()).contains(until);
    engine("other", Map.of(QUEUE, 1), Map.of("tck.other", 1));
    assertThat(kinds(id)).containsExactly(Kind.NODE_PAUSED);
    engine("another", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 1));
    assertThat(kinds(id)).isEmpty();
  }

  @Test
  void aQueueThatNobodyWorksIsToldSo() {
    JobId id = insertOne();
    assertThat(kinds(id)).containsExactly(Kind.NO_NODE);
    engine("other", Map.of(JobQueue.of("other"), 1), Map.of(NewJobs.TYPE, 1));
    assertThat(kinds(id)).containsExactly(Kind.NO_NODE);
    assertThat(only(id).text()).contains(QUEUE.name());
  }

  @Test
  void aNodeThatIsGoneDoesNotCount() {
    JobId id = insertOne();
    EngineId leaves = engine();
    store.retire(leaves);
    assertThat(kinds(id)).containsExactly(Kind.NO_NODE);
    engine();
    assertThat(kinds(id)).isEmpty();
    advance(LEASE.plusSeconds(1));
    assertThat(kinds(id)).containsExactly(Kind.NO_NODE);
  }

  @Test
  void aTypeThatNobodyKnowsIsToldWithTheNodes() {
    JobId id = insertOne(NewJobs.job().type("tck.new"));
    engine("old-node", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 1));
    engine("elsewhere", Map.of(JobQueue.of("other"), 1), Map.of("tck.new", 1));

    assertThat(only(id).kind()).isEqualTo(Kind.UNKNOWN_TYPE);
    assertThat(only(id).text()).contains("tck.new", "old-node").doesNotContain("elsewhere");
  }

  @Test
  void aPayloadThatIsTooNewIsToldSo() {
    JobId id = insertOne(NewJobs.job().typeVersion(3));
    engine("old-node", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 2, "tck.other", 9));

    assertThat(only(id).kind()).isEqualTo(Kind.NEWER_VERSION);
    assertThat(only(id).text()).contains("version 3", "up to 2", "old-node");
    assertThat(job(id).typeVersion()).isEqualTo(3);
    engine("new-node", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 3));
    assertThat(kinds(id)).isEmpty();
  }

  @Test
  void whatHasExpiredIsToldSo() {
    assumeTrue(can(Capability.EXPIRY), "jobs do not expire");
    JobId id = insertOne(NewJobs.job().expireAfter(Duration.ofMinutes(1)));
    Instant expires = job(id).expiresAt().orElseThrow();
    advance(Duration.ofMinutes(2));
    engine();

    assertThat(only(id).kind()).isEqualTo(Kind.EXPIRED);
    assertThat(only(id).text()).contains(expires.toString());
  }

  @Test
  void oneSuspectOfANodeWaitsForTheOther() {
    List<JobId> suspects = insertMany(2);
    claim(engine(), 2);
    expireEngines();
    reap();
    JobId running = claimOne(engine()).id();
    JobId waiting = suspects.get(1 - suspects.indexOf(running));

    assertThat(kinds(waiting)).containsExactly(Kind.SUSPECT);
    engine();
    assertThat(kinds(waiting)).as("on another node").isEmpty();
  }

  @Test
  void aSuspectRunsBesideOrdinaryJobs() {
    JobId suspect = insertOne();
    claim(engine(), 1);
    expireEngines();
    reap();
    NewJob ordinary = NewJobs.job().priority(Priority.CRITICAL).build();
    insert(ordinary);
    assertThat(claim(engine(), 1)).extracting(LeasedJob::id).containsExactly(ordinary.id());

    assertThat(kinds(suspect)).isEmpty();
  }

  @Test
  void anOrdinaryJobRunsBesideASuspect() {
    insertOne();
    claim(engine(), 1);
    expireEngines();
    reap();
    claimOne(engine());

    assertThat(kinds(insertOne())).isEmpty();
  }

  @Test
  void whatATransactionHoldsIsToldSo() {
    assumeTrue(can(Capability.TRANSACTIONAL_ENQUEUE), "joins no transactions");
    assumeTrue(can(Capability.REPLACE), "replaces nothing");
    engine();
    JobId id = insertOne(NewJobs.job().replace("k"));
    try (TestTransaction transaction = fixture().begin()) {
      store.insert(List.of(NewJobs.job().replace("k").build()), transaction.handle());

      assertThat(kinds(id)).containsExactly(Kind.LOCKED);
      transaction.rollback();
    }
    assertThat(kinds(id)).isEmpty();
  }

  @Test
  void takenPlacesAreToldWithTheirNumber() {
    EngineId first = engine("first", Map.of(QUEUE, 2), Map.of(NewJobs.TYPE, 1));
    insertMany(2);
    assertThat(claim(first, 2)).hasSize(2);
    JobId id = insertOne();
    engine("stranger", Map.of(QUEUE, 9), Map.of("tck.other", 1));

    assertThat(only(id).kind()).isEqualTo(Kind.BUSY);
    assertThat(only(id).text()).contains("2 of 2", "first").doesNotContain("stranger");
    assertThat(explain(id).isClaimable()).isTrue();
    engine("second", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 1));
    assertThat(kinds(id)).isEmpty();
  }

  @Test
  void whoComesBeforeIsCounted() {
    engine();
    insertOne(NewJobs.job().priority(Priority.CRITICAL));
    insertOne();
    advance(Duration.ofSeconds(1));
    JobId id = insertOne();
    advance(Duration.ofSeconds(1));
    insertOne();
    insertOne(NewJobs.job().priority(Priority.BULK));
    insertOne(NewJobs.job().priority(Priority.CRITICAL).delay(DAY));
    insertOne(NewJobs.job().priority(Priority.CRITICAL).queue(JobQueue.of("other")));

    assertThat(only(id).kind()).isEqualTo(Kind.BEHIND);
    assertThat(only(id).text()).startsWith("2 due jobs");
    assertThat(explain(id).isClaimable()).isTrue();
  }

  @Test
  void ofManyAheadTheFirstThousandAreCounted() {
    engine();
    insertMany(1_001);
    advance(Duration.ofSeconds(1));
    JobId id = insertOne();

    assertThat(only(id).text()).startsWith("at least 1000 due jobs");
  }

  @Test
  void aLookChangesNothing() {
    EngineId engine = engine();
    JobId id = insertOne();
    Job before = job(id);
    kinds(id);

    assertThat(job(id)).usingRecursiveComparison().isEqualTo(before);
    assertThat(claimOne(engine).id()).isEqualTo(id);
  }
}
