package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A running job is called off on another node than its own, in made-up time. */
class CancelFromElsewhereTest {

  private static final Duration THIRD = World.LEASE.duration().dividedBy(3);

  private final World world = new World(1);

  /** What the handler saw; asserted outside of it. */
  private final List<Object> seen = new ArrayList<>();

  private World.Node runner;
  private JobId id;

  @Test
  void aRunningJobSeesACancelFromAnotherNodeWithinAThirdOfTheLease() {
    runner = world.node((payload, context) -> run(context));
    World.Node other = world.node(World::nothing);
    id = world.enqueue();
    runner.renew();
    other.renew();
    runner.poll();
    other.poll();
    assertThat(other.handlers).as("it runs elsewhere").isEmpty();

    runner.handle();
    runner.settle();

    assertThat(seen)
        .as("asked, not told yet, one moment before the renewal, told")
        .containsExactly(Cancellation.REQUESTED, false, false, true);
    assertThat(world.store.records().find(id).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
  }

  /** The store that the other node asks is the one that they share. */
  private Object run(JobContext context) {
    seen.add(world.store.records().cancel(id));
    seen.add(context.isCancelled());
    world.advance(THIRD.minusMillis(1));
    runner.watch();
    seen.add(context.isCancelled());
    world.advance(Duration.ofMillis(1));
    assertThatRenewalIsDue();
    runner.renew();
    seen.add(context.isCancelled());
    context.throwIfCancelled();
    return null;
  }

  /** The keeper rests no longer than that, so its renewal is due by now. */
  private static void assertThatRenewalIsDue() {
    if (World.LEASE.renewInterval().compareTo(THIRD) > 0) {
      throw new IllegalStateException("renewals are rarer: " + World.LEASE.renewInterval());
    }
  }
}
