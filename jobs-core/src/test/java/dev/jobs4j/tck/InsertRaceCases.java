package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes at the same key, id or parent at the same time. */
abstract class InsertRaceCases extends StoreCases {

  private JobStore other;

  @BeforeEach
  void openOtherNode() {
    other = open();
  }

  @Test
  void insertAndInsertOfOneKey() throws Exception {
    rounds(
        () -> {
          NewJob one = NewJobs.job().key("k").build();
          NewJob two = NewJobs.job().key("k").build();
          assertOneCreated(
              Race.both(() -> store.insert(List.of(one)), () -> other.insert(List.of(two))));
        });
  }

  @Test
  void insertAndInsertOfOneId() throws Exception {
    rounds(
        () -> {
          NewJob job = NewJobs.job().repeatable(new JobId(UUID.randomUUID())).build();
          assertOneCreated(
              Race.both(() -> store.insert(List.of(job)), () -> other.insert(List.of(job))));
        });
  }

  private void assertOneCreated(Race.Both<List<Enqueued>, List<Enqueued>> both) {
    Enqueued first = both.first().get(0);
    Enqueued second = both.second().get(0);
    assertThat(Stream.of(first, second).filter(Enqueued.Created.class::isInstance)).hasSize(1);
    assertThat(first.id()).isEqualTo(second.id());
    LeasedJob only = claimOne(engine());
    assertThat(only.id()).isEqualTo(first.id());
    settled(only, succeeded());
  }

  @Test
  void insertOfAChildAndTheEndOfItsParent() throws Exception {
    EngineId engine = engine();
    rounds(
        () -> {
          JobId parent = insertOne();
          LeasedJob running = claimOne(engine);
          NewJob child = NewJobs.job().after(parent).build();
          Race.both(() -> other.insert(List.of(child)), () -> settle(running, succeeded()));

          LeasedJob released = claimOne(engine);
          assertThat(released.id()).isEqualTo(child.id());
          settled(released, succeeded());
        });
  }

  @Test
  void twoParentsOfOneChild() throws Exception {
    EngineId engine = engine();
    rounds(
        () -> {
          List<JobId> parents = insertMany(2);
          NewJob child = NewJobs.job().after(parents.toArray(JobId[]::new)).build();
          insert(child);
          List<LeasedJob> running = claim(engine, 2);
          Race.both(
              () -> settle(running.get(0), succeeded()),
              () -> other.settle(List.of(new Settlement(running.get(1).lease(), succeeded()))));

          LeasedJob released = claimOne(engine);
          assertThat(released.id()).isEqualTo(child.id());
          settled(released, succeeded());
        });
  }

  @Test
  void theEndOfAParentAndTheCancelOfItsChild() throws Exception {
    EngineId engine = engine();
    rounds(
        () -> {
          JobId parent = insertOne();
          NewJob child = NewJobs.job().after(parent).build();
          insert(child);
          LeasedJob running = claimOne(engine);
          Race.Both<Cancellation, Set<TokenLease>> both =
              Race.both(
                  () -> other.records().cancel(child.id()), () -> settle(running, succeeded()));

          assertThat(both.first()).isEqualTo(Cancellation.CANCELLED);
          assertThat(both.second()).isEmpty();
          assertThat(state(child.id())).isEqualTo(JobState.CANCELLED);
          assertThat(claim(engine, 10)).isEmpty();
        });
  }
}
