package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.FairTurn;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A claim by turns gives each tenant its share, whatever the others have waiting. */
abstract class TurnCases extends StoreCases {

  @BeforeEach
  void sharesFairly() {
    assumeTrue(can(Capability.FAIR_SHARE), "gives nobody a turn");
  }

  private void insertFor(String tenant, int count, String... keys) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(NewJobs.job().tenant(tenant).limits(keys).build());
    }
    store.insert(jobs);
  }

  private List<LeasedJob> claimTurns(EngineId engine, int limit, FairTurn turn) {
    return store.claim(
        new ClaimRequest(
            engine, UUID.randomUUID(), QUEUE, Map.of(NewJobs.TYPE, 1), limit, 0, true, turn));
  }

  private List<String> turns(int limit, FairTurn turn) {
    return tenants(claimTurns(engine(), limit, turn));
  }

  private static List<String> tenants(List<LeasedJob> jobs) {
    return jobs.stream().map(job -> job.tenant() == null ? "" : job.tenant()).toList();
  }

  private static FairTurn equal() {
    return FairTurn.first(Map.of());
  }

  @Test
  void tenantsTakeTurns() {
    insertFor("big", 10);
    insertFor("small", 2);

    assertThat(turns(6, equal())).containsExactly("big", "small", "big", "small", "big", "big");
  }

  @Test
  void theTurnGoesOnWhereItStood() {
    insertFor("a", 5);
    insertFor("b", 5);
    insertFor("c", 5);

    assertThat(turns(4, new FairTurn("b", 0, Map.of()))).containsExactly("c", "a", "b", "c");
  }

  @Test
  void aTenantsRestOfTheRoundComesFirst() {
    insertFor("a", 5);
    insertFor("b", 5);

    assertThat(turns(4, new FairTurn("b", 2, Map.of("b", 3)))).containsExactly("b", "b", "a", "b");
  }

  @Test
  void aTenantGetsAsManyAsItWeighs() {
    insertFor("a", 10);
    insertFor("b", 10);

    assertThat(turns(8, FairTurn.first(Map.of("b", 3))))
        .containsExactly("a", "b", "b", "b", "a", "b", "b", "b");
  }

  @Test
  void theOthersGetTheTurnOfATenantWithoutWork() {
    insertFor("a", 7);

    assertThat(turns(5, new FairTurn("b", 1, Map.of()))).containsOnly("a").hasSize(5);
  }

  @Test
  void jobsWithoutATenantAreOneTenantMore() {
    insertMany(3);
    insertFor("a", 3);

    assertThat(turns(4, new FairTurn("a", 0, Map.of()))).containsExactly("", "a", "", "a");
  }

  @Test
  void aTenantsMostUrgentJobComesFirst() {
    insertFor("a", 1);
    NewJob high = NewJobs.job().tenant("a").priority(Priority.HIGH).build();
    insert(high);

    assertThat(claimTurns(engine(), 1, equal()))
        .extracting(LeasedJob::id)
        .containsExactly(high.id());
  }

  @Test
  void aTenantsUrgentJobsTakeNoTurnFromTheOthers() {
    for (int i = 0; i < 5; i++) {
      insert(NewJobs.job().tenant("a").priority(Priority.CRITICAL).build());
    }
    insertFor("b", 5);

    assertThat(turns(4, equal())).containsExactly("a", "b", "a", "b");
  }

  @Test
  void whatIsNotDueHasNoTurn() {
    insert(NewJobs.job().tenant("a").delay(Duration.ofHours(1)).build());
    insertFor("b", 2);

    assertThat(turns(4, equal())).containsExactly("b", "b");
  }

  @Test
  void whatTheNodeDoesNotKnowHasNoTurn() {
    insert(NewJobs.job().tenant("a").type("tck.unknown").build());
    insertFor("b", 1);

    assertThat(turns(4, equal())).containsExactly("b");
  }

  @Test
  void turnsKeepToLimits() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
    for (int i = 0; i < 4; i++) {
      insert(NewJobs.job().tenant("a").limits("carrier/dhl").build());
    }
    insertFor("b", 2);

    assertThat(turns(5, equal())).containsExactlyInAnyOrder("a", "b", "b");
  }

  @Test
  void whatALimitLetsStartAgainHasItsTurn() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
    for (int i = 0; i < 2; i++) {
      insert(NewJobs.job().tenant("a").limits("carrier/dhl").build());
    }
    LeasedJob running = claimTurns(engine(), 5, equal()).get(0);
    insertFor("b", 2);
    settled(running, succeeded());

    assertThat(turns(2, equal())).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void whatWaitsForOneKeyTakesTurns() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
    insertFor("big", 100, "carrier/dhl");
    insertFor("small", 3, "carrier/dhl");

    assertThat(oneAfterTheOther(7, equal()))
        .containsExactly("big", "small", "big", "small", "big", "small", "big");
  }

  @Test
  void aTenantGetsAsManyOfOneKeyAsItWeighs() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
    insertFor("a", 20, "carrier/dhl");
    insertFor("b", 20, "carrier/dhl");
    insertFor("c", 20, "carrier/dhl");

    assertThat(oneAfterTheOther(8, FairTurn.first(Map.of("b", 2))))
        .containsExactly("a", "b", "b", "c", "a", "b", "b", "c");
  }

  @Test
  void whatWaitsForOneKeyTakesTurnsWithTheOthers() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    store.limits().orElseThrow().define(JobLimit.running("carrier", 2));
    insertFor("a", 20, "carrier/dhl");
    insertFor("b", 20, "carrier/dhl");
    List<LeasedJob> running = claimTurns(engine(), 5, equal());
    assertThat(tenants(running)).containsExactly("a", "b");
    insert(NewJobs.job().tenant("a").priority(Priority.HIGH).build());
    insertFor("c", 5);
    running.forEach(job -> settled(job, succeeded()));

    assertThat(turns(4, new FairTurn("a", 1, Map.of()))).containsExactly("a", "b", "c", "a");
  }

  /** Each ends before the next claim, which would take more if the key let it. */
  private List<String> oneAfterTheOther(int count, FairTurn first) {
    EngineId engine = engine();
    FairTurn turn = first;
    List<String> given = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LeasedJob job = claimTurns(engine, 5, turn).get(0);
      given.addAll(tenants(List.of(job)));
      turn = turn.after(given.get(i));
      settled(job, succeeded());
    }
    return given;
  }

  @Test
  void aSuspectTakesItsTurnAlone() {
    insertFor("a", 2);
    insertFor("b", 2);
    claimTurns(engine(), 4, equal());
    expireEngines();
    reap();

    assertThat(claimTurns(engine(), 4, equal())).hasSize(1).allMatch(LeasedJob::suspect);
  }

  @Test
  void theSmallTenantGetsItsShareOfManySmallClaims() {
    insertFor("big", 60);
    insertFor("small", 20);
    EngineId engine = engine();
    FairTurn turn = equal();
    int small = 0;
    for (int i = 0; i < 40; i++) {
      for (String tenant : tenants(claimTurns(engine, 1, turn))) {
        turn = turn.after(tenant);
        small += tenant.equals("small") ? 1 : 0;
      }
    }

    assertThat(small).isEqualTo(20);
  }
}
