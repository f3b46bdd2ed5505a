package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job may wait for any end of another; who waits for a success is called off with its parent. */
abstract class EndingCases extends StoreCases {

  @BeforeEach
  void knowsAnyEnd() {
    assumeTrue(can(Capability.ANY_END), "waits for successes alone");
  }

  private static Outcome died() {
    return new Outcome.Dead(DeadReason.REJECTED, FAILURE);
  }

  @Test
  void aJobThatWaitsForAnEndIsReleasedByAnyEnd() {
    for (Outcome end : List.of(succeeded(), died(), new Outcome.Cancelled())) {
      JobId parent = insertOne();
      NewJob child = NewJobs.job().afterEnd(parent).build();
      insert(child);
      assertThat(job(child.id()).blockReason()).contains(BlockReason.PARENTS);
      EngineId engine = engine();
      settled(claimOne(engine), end);

      LeasedJob released = claimOne(engine);
      assertThat(released.id()).isEqualTo(child.id());
      settled(released, succeeded());
    }
  }

  @Test
  void aJobThatWaitsForAnEndDoesNotWaitForOneThatHasEnded() {
    JobId dead = insertOne();
    settled(claimOne(engine()), died());
    NewJob child = NewJobs.job().afterEnd(dead).build();
    insert(child);

    assertThat(claimOne(engine()).id()).isEqualTo(child.id());
  }

  @Test
  void aCancelledParentTakesAllBehindItAlong() {
    JobId parent = insertOne();
    NewJob child = NewJobs.job().after(parent).build();
    NewJob grandchild = NewJobs.job().after(child.id()).build();
    NewJob summary = NewJobs.job().afterEnd(grandchild.id()).build();
    insert(child, grandchild, summary);

    records().cancel(parent);

    assertThat(state(child.id())).isEqualTo(JobState.CANCELLED);
    assertThat(state(grandchild.id())).isEqualTo(JobState.CANCELLED);
    assertThat(claimOne(engine()).id()).isEqualTo(summary.id());
  }

  @Test
  void aParentThatIsCalledOffWhileItRunsTakesItsChildrenAlong() {
    JobId parent = insertOne();
    NewJob child = NewJobs.job().after(parent).build();
    insert(child);
    settled(claimOne(engine()), new Outcome.Cancelled());

    assertThat(state(child.id())).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aChildThatIsTakenAlongFreesItsKey() {
    JobId parent = insertOne();
    insert(NewJobs.job().after(parent).key("k").build());
    records().cancel(parent);
    NewJob next = NewJobs.job().key("k").build();

    assertThat(store.insert(List.of(next)).get(0).id()).isEqualTo(next.id());
  }

  @Test
  void aDeletedDeadParentTakesItsChildrenAlong() {
    JobId parent = insertOne();
    NewJob child = NewJobs.job().after(parent).build();
    insert(child);
    settled(claimOne(engine()), died());
    assertThat(state(child.id())).isEqualTo(JobState.PENDING);

    records().delete(parent);

    assertThat(state(child.id())).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aCancelledParentIsRefused() {
    JobId parent = insertOne();
    records().cancel(parent);
    NewJob child = NewJobs.job().after(parent).build();

    assertThatThrownBy(() -> store.insert(List.of(child)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(parent.toString());
    assertThat(records().find(child.id())).isEmpty();
  }

  @Test
  void anExpiredParentIsADeadOne() {
    assumeTrue(can(Capability.EXPIRY), "gives no job up in time");
    NewJob parent = NewJobs.job().expireAfter(Duration.ofHours(1)).build();
    insert(parent);
    NewJob child = NewJobs.job().after(parent.id()).build();
    NewJob summary = NewJobs.job().afterEnd(parent.id()).build();
    insert(child, summary);
    advance(Duration.ofHours(2));
    store.expire(10);

    assertThat(claimOne(engine()).id()).isEqualTo(summary.id());
    assertThat(job(child.id()).blockReason()).contains(BlockReason.PARENTS);
  }

  @Test
  void aParentThatCrashesTooOftenIsADeadOne() {
    JobId parent = insertOne();
    NewJob summary = NewJobs.job().afterEnd(parent).build();
    insert(summary);
    for (int i = 0; i < 5; i++) {
      claimOne(engine());
      expireEngines();
      reap();
    }

    assertThat(state(parent)).isEqualTo(JobState.DEAD);
    assertThat(claimOne(engine()).id()).isEqualTo(summary.id());
  }

  @Test
  void aRequeuedChildWaitsForItsRequeuedParent() {
    JobId parent = insertOne();
    NewJob child = NewJobs.job().after(parent).build();
    insert(child);
    records().cancel(parent);
    records().requeue(parent);
    records().requeue(child.id());

    EngineId engine = engine();
    LeasedJob running = claimOne(engine);
    assertThat(running.id()).isEqualTo(parent);
    settled(running, succeeded());
    assertThat(claimOne(engine).id()).isEqualTo(child.id());
  }
}
