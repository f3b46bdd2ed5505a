package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A job that waits for others is in no claim until the last of them has succeeded. */
abstract class WaitingCases extends StoreCases {

  private JobId insertAfter(JobId... parents) {
    NewJob job = NewJobs.job().after(parents).build();
    insert(job);
    return job.id();
  }

  private static Outcome died() {
    return new Outcome.Dead(DeadReason.REJECTED, FAILURE);
  }

  private void assertWaits(JobId child) {
    assertThat(state(child)).isEqualTo(JobState.PENDING);
    assertThat(job(child).blockReason()).contains(BlockReason.PARENTS);
    assertThat(claim(engine(), 100).stream().map(LeasedJob::id)).doesNotContain(child);
  }

  @Test
  void aWaitingJobIsPendingAndInNoClaim() {
    JobId parent = insertOne();
    JobId child = insertAfter(parent);

    assertWaits(child);
  }

  @Test
  void aJobIsReleasedWhenItsParentSucceeds() {
    JobId child = insertAfter(insertOne());

    settled(claimOne(engine()), succeeded());

    assertThat(job(child).blockReason()).isEmpty();
    LeasedJob released = claimOne(engine());
    assertThat(released.id()).isEqualTo(child);
    assertThat(released.attempt()).isEqualTo(1);
  }

  @Test
  void aJobWaitsForTheLastOfItsParents() {
    for (int last = 0; last < 3; last++) {
      List<JobId> parents = new ArrayList<>(insertMany(3));
      JobId child = insertAfter(parents.toArray(JobId[]::new));
      EngineId engine = engine();
      List<LeasedJob> running = claim(engine, 3);
      parents.add(parents.remove(last));
      for (JobId parent : parents) {
        assertWaits(child);
        running.stream()
            .filter(job -> job.id().equals(parent))
            .forEach(job -> settled(job, succeeded()));
      }
      LeasedJob released = claimOne(engine);
      assertThat(released.id()).isEqualTo(child);
      settled(released, succeeded());
    }
  }

  @Test
  void parentsOfOneBatchReleaseTheirChildOnce() {
    List<JobId> parents = insertMany(3);
    JobId child = insertAfter(parents.toArray(JobId[]::new));
    List<LeasedJob> running = claim(engine(), 3);

    store.settle(running.stream().map(job -> new Settlement(job.lease(), succeeded())).toList());

    assertThat(claimOne(engine()).id()).isEqualTo(child);
  }

  @Test
  void aParentThatHasSucceededIsNotWaitedFor() {
    JobId done = insertOne();
    settled(claimOne(engine()), succeeded());

    JobId child = insertAfter(done);

    assertThat(job(child).blockReason()).isEmpty();
    assertThat(claimOne(engine()).id()).isEqualTo(child);
  }

  @Test
  void anUnknownParentIsRefused() {
    NewJob orphan = NewJobs.job().after(new JobId(UUID.randomUUID())).build();

    assertThatThrownBy(() -> store.insert(List.of(orphan))).isInstanceOf(InvalidJobException.class);
    assertThat(records().find(orphan.id())).isEmpty();
  }

  @Test
  void aParentEarlierInTheSameInsertIsKnown() {
    NewJob parent = NewJobs.job().build();
    NewJob child = NewJobs.job().after(parent.id()).build();
    insert(parent, child);

    LeasedJob running = claimOne(engine());
    assertThat(running.id()).isEqualTo(parent.id());
    settled(running, succeeded());

    assertThat(claimOne(engine()).id()).isEqualTo(child.id());
  }

  /** It cannot wait for what was not stored, and another job may not be what it needs. */
  @Test
  void aParentOfTheSameInsertWhoseKeyIsTakenIsRefusedWithItsHolder() {
    NewJob holder = NewJobs.job().key("k").build();
    insert(holder);
    NewJob parent = NewJobs.job().key("k").build();
    NewJob child = NewJobs.job().after(parent.id()).build();
    NewJob first = NewJobs.job().key("own").build();
    NewJob second = NewJobs.job().key("own").build();
    NewJob last = NewJobs.job().after(second.id()).build();

    assertThatThrownBy(() -> insert(parent, child))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("same insert whose unique key is taken: " + parent.id())
        .hasMessageContaining("name its holder " + holder.id());
    assertThatThrownBy(() -> insert(first, second, last))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("name its holder " + first.id());
    for (NewJob job : List.of(parent, child, first, second, last)) {
      assertThat(records().find(job.id())).isEmpty();
    }
    insert(NewJobs.job().key("own").build(), NewJobs.job().after(holder.id()).build());
  }

  @Test
  void aParentThatIsPutBackReleasesNobody() {
    JobId child = insertAfter(insertOne());
    EngineId engine = engine();
    for (Outcome outcome :
        List.of(retry(), new Outcome.Snoozed(Duration.ZERO), new Outcome.Released())) {
      settled(claimOne(engine), outcome);
      assertThat(job(child).blockReason()).contains(BlockReason.PARENTS);
    }
  }

  @Test
  void aDeadParentReleasesNobody() {
    JobId child = insertAfter(insertOne());

    settled(claimOne(engine()), died());

    assertWaits(child);
  }

  @Test
  void aParentThatIsTakenBackReleasesNobody() {
    JobId child = insertAfter(insertOne());
    claimOne(engine());
    expireEngines();
    reap();

    assertThat(job(child).blockReason()).contains(BlockReason.PARENTS);
  }

  @Test
  void aRequeuedParentReleasesItsChildInTheEnd() {
    JobId parent = insertOne();
    JobId child = insertAfter(parent);
    settled(claimOne(engine()), died());
    records().requeue(parent);

    settled(claimOne(engine()), succeeded());

    assertThat(claimOne(engine()).id()).isEqualTo(child);
  }

  @Test
  void aChildOfADeadParentWaits() {
    JobId dead = insertOne();
    settled(claimOne(engine()), died());
    JobId child = insertAfter(dead);
    assertWaits(child);

    records().requeue(dead);
    settled(claimOne(engine()), succeeded());

    assertThat(claimOne(engine()).id()).isEqualTo(child);
  }

  @Test
  void aReleasedJobIsStillNotClaimedBeforeItIsDue() {
    JobId parent = insertOne();
    NewJob child = NewJobs.job().after(parent).delay(Duration.ofHours(1)).build();
    insert(child);
    settled(claimOne(engine()), succeeded());

    assertThat(claim(engine(), 10)).isEmpty();
    advance(Duration.ofMinutes(61));
    assertThat(claimOne(engine()).id()).isEqualTo(child.id());
  }

  @Test
  void aWaitingJobCanBeCalledOff() {
    JobId child = insertAfter(insertOne());

    assertThat(records().cancel(child)).isEqualTo(Cancellation.CANCELLED);
    settled(claimOne(engine()), succeeded());

    assertThat(state(child)).isEqualTo(JobState.CANCELLED);
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void manyChildrenAreReleasedTogether() {
    JobId parent = insertOne();
    List<JobId> children = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      children.add(insertAfter(parent));
    }

    settled(claimOne(engine()), succeeded());

    assertThat(claim(engine(), 100).stream().map(LeasedJob::id))
        .containsExactlyInAnyOrderElementsOf(children);
  }

  /** 10,000 of them, settled in batches; 100 where the fixture says that a statement is slow. */
  @Test
  void thousandsOfParentsReleaseTheirChildOnceTheLastHasSucceeded() {
    int count = fixture().rounds() < 20 ? 100 : 10_000;
    List<JobId> parents = insertMany(count);
    JobId child = insertAfter(parents.toArray(JobId[]::new));
    EngineId engine = engine();
    List<LeasedJob> running = new ArrayList<>();
    while (running.size() < count) {
      List<LeasedJob> claimed = claim(engine, 500);
      assertThat(claimed).isNotEmpty();
      running.addAll(claimed);
    }
    assertThat(running).extracting(LeasedJob::id).doesNotContain(child);

    for (int from = 0; from < count - 1; from += 500) {
      List<LeasedJob> batch = running.subList(from, Math.min(from + 500, count - 1));
      store.settle(batch.stream().map(job -> new Settlement(job.lease(), succeeded())).toList());
    }
    assertThat(job(child).blockReason()).contains(BlockReason.PARENTS);
    assertThat(claim(engine, 10)).isEmpty();
    settled(running.get(count - 1), succeeded());

    assertThat(claimOne(engine).id()).isEqualTo(child);
  }

  @Test
  void aChainRunsInItsOrder() {
    JobId first = insertOne();
    JobId second = insertAfter(first);
    JobId third = insertAfter(second);
    EngineId engine = engine();
    for (JobId expected : List.of(first, second, third)) {
      LeasedJob running = claimOne(engine);
      assertThat(running.id()).isEqualTo(expected);
      settled(running, succeeded());
    }
  }

  @Test
  void aSuccessUnderALostLeaseReleasesNobody() {
    JobId child = insertAfter(insertOne());
    LeasedJob old = claimOne(engine());
    expireEngines();
    reap();

    assertThat(settle(old, succeeded())).hasSize(1);

    assertWaits(child);
  }

  @Test
  void aWaitingJobIsNeverPruned() {
    JobId child = insertAfter(insertOne());
    advance(Duration.ofDays(400));

    prune(Duration.ofDays(1), 100);

    assertThat(job(child).blockReason()).contains(BlockReason.PARENTS);
  }
}
