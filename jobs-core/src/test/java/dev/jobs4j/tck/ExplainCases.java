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
import dev.jobs4j.api.Obstacle.Kind;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Priority;
import dev.jobs4j.core.internal.client.Obstacles;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whatever keeps a job from running has a reason that people are told. */
abstract class ExplainCases extends ExplainedCases {

  @Test
  void whatStartsNextHasNoObstacle() {
    engine();
    JobId id = insertOne();
    Explanation explanation = explain(id);

    assertThat(explanation.obstacles()).isEmpty();
    assertThat(explanation.isClaimable()).isTrue();
    assertThat(explanation.nodes()).containsExactly("node (0.1)");
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
  void whatIsDeadIsToldWithItsReason() {
    JobId id = insertOne();
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertThat(only(id).text()).contains("DEAD", "REJECTED", "java.io.IOException");
  }

  @Test
  void aRetryIsToldWithItsFailure() {
    JobId id = insertOne();
    settled(claimOne(engine()), new Outcome.Retry(DAY, FAILURE));

    assertThat(only(id).kind()).isEqualTo(Kind.NOT_DUE);
    assertThat(only(id).text()).contains("attempt 1 failed, java.io.IOException");
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
  void aDeadParentIsNamedFirstAndToldSo() {
    JobId dying = insertOne();
    LeasedJob leased = claimOne(engine());
    List<JobId> parents = new ArrayList<>(insertMany(30));
    parents.add(dying);
    JobId child = insertOne(NewJobs.job().after(parents.toArray(JobId[]::new)));
    assertThat(only(child).text()).doesNotContain("(dead");
    settled(leased, new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertThat(only(child).text())
        .contains("at least 10 jobs: " + dying + " (dead: redrive or discard it), ");
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
    assertThat(only(last).text()).contains(head.toString(), "acme").doesNotContain("(dead");
    assertThat(job(last).fifo()).contains(new Fifo("acme", Fifo.OnDead.BLOCK));
  }

  @Test
  void aDeadJobThatBlocksItsLineIsToldSo() {
    assumeTrue(can(Capability.FIFO), "has no lines");
    JobId head = insertOne(NewJobs.job().fifo("acme", Fifo.OnDead.BLOCK));
    JobId next = insertOne(NewJobs.job().fifo("acme"));
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertThat(only(next).kind()).isEqualTo(Kind.FIFO);
    assertThat(only(next).text()).contains(head + " (dead: redrive or discard it)");
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
  void whatNobodyCouldRunIsNotAhead() {
    engine();
    insertOne(NewJobs.job().priority(Priority.CRITICAL).type("tck.unknown"));
    insertOne(NewJobs.job().priority(Priority.CRITICAL).typeVersion(2));
    JobId id = insertOne();
    assertThat(kinds(id)).isEmpty();
    insertOne(NewJobs.job().priority(Priority.CRITICAL));

    assertThat(only(id).text()).startsWith("1 due job of its queue is more urgent");
  }

  @Test
  void whatIsPausedIsNotAhead() {
    engine("node", Map.of(QUEUE, 100), Map.of(NewJobs.TYPE, 1, "tck.other", 1));
    insertOne(NewJobs.job().priority(Priority.CRITICAL).tenant("acme"));
    insertOne(NewJobs.job().priority(Priority.CRITICAL).type("tck.other"));
    JobId id = insertOne();
    assertThat(only(id).text()).startsWith("2 due jobs");
    pause(Pause.tenant("acme"));
    pause(Pause.type("tck.other"));

    assertThat(kinds(id)).isEmpty();
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
