package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What follows a success is stored if and only if the success is accepted. */
abstract class FollowUpCases extends StoreCases {

  @BeforeEach
  void storesWhatFollows() {
    assumeTrue(can(Capability.FOLLOW_UP), "stores nothing with a success");
  }

  private static Outcome followedBy(NewJob... jobs) {
    return new Outcome.Succeeded(null, List.of(jobs));
  }

  @Test
  void whatFollowsIsStoredWithTheSuccess() {
    insertOne();
    NewJob one = NewJobs.job().build();
    NewJob two = NewJobs.job().build();
    settled(claimOne(engine()), followedBy(one, two));

    assertThat(claim(engine(), 10))
        .extracting(LeasedJob::id)
        .containsExactlyInAnyOrder(one.id(), two.id());
  }

  @Test
  void whatFollowsMayBeDelayed() {
    insertOne();
    NewJob later = NewJobs.job().delay(Duration.ofSeconds(30)).build();
    settled(claimOne(engine()), followedBy(later));

    assertThat(claim(engine(), 10)).isEmpty();
    advance(Duration.ofSeconds(31));
    assertThat(claimOne(engine()).id()).isEqualTo(later.id());
  }

  @Test
  void aLostLeaseStoresNothing() {
    insertOne();
    LeasedJob old = claimOne(engine());
    expireEngines();
    reap();
    NewJob follow = NewJobs.job().build();

    assertThat(settle(old, followedBy(follow))).hasSize(1);

    assertThat(records().find(follow.id())).isEmpty();
  }

  @Test
  void aRepeatedSettlementStoresItOnce() {
    insertOne();
    LeasedJob running = claimOne(engine());
    NewJob follow = NewJobs.job().build();
    settled(running, followedBy(follow));
    EngineId engine = engine();
    settled(claimOne(engine), succeeded());

    assertThat(settle(running, followedBy(follow))).hasSize(1);

    assertThat(state(follow.id())).isEqualTo(JobState.SUCCEEDED);
    assertThat(claim(engine, 10)).isEmpty();
  }

  @Test
  void aJobMayBeFollowedByOneWithItsOwnKey() {
    insert(NewJobs.job().key("k").build());
    NewJob next = NewJobs.job().key("k").build();
    settled(claimOne(engine()), followedBy(next));

    assertThat(claimOne(engine()).id()).isEqualTo(next.id());
  }

  @Test
  void aTakenKeyKeepsOnlyWhatFollowsOut() {
    NewJob holder = NewJobs.job().key("k").delay(Duration.ofHours(1)).build();
    insert(holder);
    NewJob job = NewJobs.job().build();
    insert(job);
    NewJob follow = NewJobs.job().key("k").build();
    settled(claimOne(engine()), followedBy(follow));

    assertThat(state(job.id())).isEqualTo(JobState.SUCCEEDED);
    assertThat(records().find(follow.id())).isEmpty();
  }

  @Test
  void eachSuccessOfABatchHasItsOwnFollowers() {
    insertMany(2);
    List<LeasedJob> running = claim(engine(), 2);
    NewJob one = NewJobs.job().build();
    NewJob two = NewJobs.job().build();

    assertThat(
            settleAll(
                new Settlement(running.get(0).lease(), followedBy(one)),
                new Settlement(running.get(1).lease(), followedBy(two))))
        .isEmpty();

    assertThat(claim(engine(), 10))
        .extracting(LeasedJob::id)
        .containsExactlyInAnyOrder(one.id(), two.id());
  }

  @Test
  void whatCannotBeStoredKeepsNobodyRunning() {
    insertOne();
    LeasedJob running = claimOne(engine());
    NewJob refused = NewJobs.job().tenant("t".repeat(200)).build();

    settled(running, followedBy(refused));

    assertThat(state(running.id())).isNotEqualTo(JobState.RUNNING);
  }
}
