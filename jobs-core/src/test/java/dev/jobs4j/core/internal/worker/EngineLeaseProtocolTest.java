package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The engine's side of the lease, point by point, with a store that loses replies on command. */
class EngineLeaseProtocolTest {

  private final World world = new World(1);

  /** What handlers saw; asserted outside of them, where an error is not just a failed attempt. */
  private final List<Boolean> seen = new ArrayList<>();

  private void expire() {
    world.advance(World.LEASE.duration().plus(World.LEASE.grace()).plusSeconds(1));
  }

  @Test
  void nothingIsClaimedBeforeTheEngineIsLive() {
    World.Node node = world.node(World::nothing);
    JobId id = world.enqueue();
    node.poll();
    assertThat(node.handlers).isEmpty();
    node.renew();
    node.poll();
    assertThat(node.handlers).hasSize(1);
    assertThat(world.store.records().find(id).orElseThrow().state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aLostClaimReplyIsResolvedBeforeTheNextClaim() {
    int[] losses = {1};
    World.Node node =
        world.node(World::nothing, store -> Connections.losing(store, "claim", losses));
    JobId id = world.enqueue();
    node.renew();
    node.poll();
    assertThat(node.handlers).as("the reply was lost").isEmpty();
    node.poll();
    assertThat(node.handlers).as("found by its claim id").hasSize(1);
    node.handle();
    node.settle();
    assertThat(world.store.records().find(id).orElseThrow().attempt()).isEqualTo(1);
    assertThat(world.store.records().find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void aSettlementWhoseReplyWasLostIsNotReportedAsALostLease() {
    int[] losses = {1};
    World.Node node =
        world.node(World::nothing, store -> Connections.losing(store, "settle", losses));
    JobId id = world.enqueue();
    node.renew();
    node.poll();
    node.handle();
    node.settle();
    assertThat(world.events(JobEvent.Succeeded.class)).as("not yet known").isEmpty();
    node.settle();
    assertThat(world.events(JobEvent.Succeeded.class)).hasSize(1);
    assertThat(world.events(JobEvent.LeaseLost.class)).isEmpty();
    assertThat(world.store.records().find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void aSettlementIsNeverGivenUpWhileTheEngineLives() {
    int[] losses = {0};
    World.Node node =
        world.node(World::nothing, store -> Connections.failing(store, "settle", losses));
    JobId id = world.enqueue();
    node.renew();
    node.poll();
    node.handle();
    losses[0] = 50;
    for (int i = 0; i < 50; i++) {
      node.settle();
      node.renew();
    }
    assertThat(world.store.records().find(id).orElseThrow().state()).isEqualTo(JobState.RUNNING);
    node.settle();
    assertThat(world.store.records().find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void aFencedEngineInterruptsItsHandlersAndComesBackUnderANewId() {
    World.Node frozen = world.node(World::nothing);
    World.Node other = world.node(World::nothing);
    JobId id = world.enqueue();
    frozen.renew();
    other.renew();
    frozen.poll();
    expire();
    other.renew(); // it had expired as well, but nobody had fenced it
    other.maintain();
    other.poll();
    assertThat(other.handlers).as("the job moved on").hasSize(1);

    frozen.handle(); // it wakes up in the middle of its handler
    frozen.renew();
    frozen.settle();
    assertThat(world.events(JobEvent.LeaseLost.class)).hasSize(1);
    other.handle();
    other.settle();
    assertThat(world.events(JobEvent.Succeeded.class)).hasSize(1);
    assertThat(world.store.records().find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);

    world.enqueue();
    frozen.poll();
    assertThat(frozen.handlers).as("works again under its new id").hasSize(1);
  }

  @Test
  void aRunningHandlerIsToldThatItsLeaseIsLost() {
    World.Node[] frozen = new World.Node[1];
    World.Node other = world.node(World::nothing);
    frozen[0] =
        world.node(
            (payload, context) -> {
              expire();
              other.renew();
              other.maintain();
              frozen[0].renew();
              seen.add(context.isLeaseLost());
              seen.add(Thread.interrupted());
              throw new InterruptedException();
            });
    world.enqueue();
    frozen[0].renew();
    frozen[0].poll();
    frozen[0].handle();
    frozen[0].settle();
    assertThat(seen).as("told, and interrupted").containsExactly(true, true);
    assertThat(world.events(JobEvent.LeaseLost.class)).hasSize(1);
    assertThat(world.events(JobEvent.Retried.class)).isEmpty();
  }

  @Test
  void nothingStartsAfterALongPauseBeforeTheLeaseIsRenewed() {
    World.Node node = world.node(World::nothing);
    World.Node other = world.node(World::nothing);
    node.renew();
    expire();
    other.renew();
    other.maintain(); // fences the paused engine
    world.enqueue();
    node.poll(); // asks first, learns of the fence, registers anew, and only then claims
    assertThat(node.engineIds()).hasSize(2);
    node.poll();
    assertThat(node.handlers).hasSize(1);
    assertThat(world.store.held(node.engineIds().get(1))).hasSize(1);
    node.handleAll();
    node.settle();
    assertThat(world.events(JobEvent.Succeeded.class)).hasSize(1);
  }

  @Test
  void aLeaseThatCannotBeRenewedInTimeIsTakenForLost() {
    int[] losses = {0};
    World.Node[] node = new World.Node[1];
    node[0] =
        world.node(
            (payload, context) -> {
              losses[0] = 10;
              world.advance(Duration.ofSeconds(10));
              node[0].renew();
              seen.add(context.isLeaseLost());
              world.advance(Duration.ofSeconds(20));
              node[0].renew();
              seen.add(context.isLeaseLost());
              throw new InterruptedException();
            },
            store -> Connections.failing(store, "renew", losses));
    JobId id = world.enqueue();
    node[0].renew();
    node[0].poll();
    node[0].handle();
    node[0].settle();
    assertThat(seen)
        .as("within the lease, then past the local deadline")
        .containsExactly(false, true);
    assertThat(world.store.records().find(id).orElseThrow().state()).isEqualTo(JobState.PENDING);
    assertThat(world.store.records().find(id).orElseThrow().attempt()).isZero();
  }

  @Test
  void whatTheBooksSayIsOursAndIsNotGoesBack() {
    JobId[] orphan = new JobId[1];
    World.Node node = world.node(World::nothing);
    orphan[0] = world.enqueue();
    node.renew();
    // a claim under this engine's name that the engine never hears of, as if a proxy had repeated
    // it
    List<LeasedJob> stolen =
        world.store.claim(
            new ClaimRequest(
                node.engineIds().get(0),
                world.uuid(),
                World.QUEUE,
                Map.of(World.TYPE, 1),
                1,
                false));
    assertThat(stolen).hasSize(1);
    node.poll();
    assertThat(node.handlers).isEmpty();
    for (int i = 0; i < 4; i++) {
      world.advance(World.LEASE.renewInterval());
      node.renew();
    }
    node.poll();
    node.poll();
    assertThat(node.handlers).hasSize(1);
    assertThat(world.store.records().find(orphan[0]).orElseThrow().attempt()).isEqualTo(1);
  }

  @Test
  void theBooksOfALifeThatIsOverAreNotReconciled() {
    int[] refusals = {1};
    int[] losses = {0};
    World.Node[] node = new World.Node[1];
    Runnable fence =
        () -> { // the poller is slow; its engine is fenced, one of its two jobs is taken back
          expire();
          world.store.reap(new ReapRequest(World.LEASE.grace(), 1, 3));
          node[0].renew();
        };
    node[0] =
        world.node(
            World::nothing,
            store -> {
              JobStore away = Connections.failing(store, "settle", refusals);
              return Connections.delaying(
                  Connections.losing(away, "claim", losses), "claimed", fence);
            });
    world.enqueue();
    world.enqueue();
    node[0].renew();
    node[0].poll();
    node[0].handleAll();
    node[0].settle(); // nobody knows whether it was applied
    losses[0] = 1;
    node[0].poll(); // the reply is lost, so that the next turn begins with a question
    node[0].poll();
    node[0].settle();
    node[0].settle();
    assertThat(world.store.records().count(World.QUEUE).getOrDefault(JobState.SUCCEEDED, 0L))
        .as("the store has accepted what is told, and no less")
        .isEqualTo(world.events(JobEvent.Succeeded.class).size());
  }

  @Test
  void aHungHandlerDoesNotStopTheRenewal() {
    World.Node[] node = new World.Node[1];
    List<Integer> leaked = new ArrayList<>();
    List<JobState> states = new ArrayList<>();
    node[0] =
        world.node(
            (payload, context) -> {
              for (int i = 0; i < 12; i++) { // it does not end, and the world goes on
                world.advance(World.LEASE.renewInterval());
                node[0].renew();
                node[0].watch();
                node[0].settle();
              }
              leaked.add(node[0].engine.leakedSlots());
              states.add(world.store.records().find(context.jobId()).orElseThrow().state());
              seen.add(context.isLeaseLost());
              return null;
            });
    world.enqueue();
    node[0].renew();
    node[0].poll();
    node[0].handle();
    assertThat(world.events(JobEvent.SlotLeaked.class)).hasSize(1);
    assertThat(states).containsExactly(JobState.PENDING);
    assertThat(leaked).containsExactly(1);
    assertThat(seen).as("another may run it by now").containsExactly(true);
    assertThat(node[0].engine.leakedSlots()).as("at last the thread has ended").isZero();
    node[0].settle();
    assertThat(world.events(JobEvent.Succeeded.class)).isEmpty();
  }

  @Test
  void aJobThatMovedOnBeforeItsThreadCameNeverStarts() {
    List<JobContext> started = new ArrayList<>();
    World.Node frozen =
        world.node(
            (payload, context) -> {
              started.add(context);
              return null;
            });
    World.Node other = world.node(World::nothing);
    world.enqueue();
    frozen.renew();
    frozen.poll(); // dispatched; its thread is slow to come
    expire();
    other.renew();
    other.maintain();
    frozen.renew(); // learns of the fence
    frozen.handle();
    assertThat(started).isEmpty();
    frozen.settle();
    assertThat(world.events(JobEvent.LeaseLost.class)).hasSize(1);
    assertThat(world.events(JobEvent.Started.class)).isEmpty();
  }

  @Test
  void aRenewalThatHangsDoesNotHideThatTheLeaseIsOver() {
    World.Node[] node = new World.Node[1];
    node[0] =
        world.node(
            (payload, context) -> {
              world.advance(Duration.ofSeconds(20)); // the keeper hangs: no renewal comes
              node[0].watch();
              seen.add(context.isLeaseLost());
              world.advance(Duration.ofSeconds(10));
              node[0].watch();
              seen.add(context.isLeaseLost());
              throw new InterruptedException();
            });
    world.enqueue();
    node[0].renew();
    node[0].poll();
    node[0].handle();
    assertThat(seen).containsExactly(false, true);
  }

  @Test
  void whatWasResolvedStartsAlthoughTheReconciliationFails() {
    int[] losses = {1};
    int[] failures = {0};
    World.Node node =
        world.node(
            World::nothing,
            store ->
                Connections.losing(Connections.failing(store, "held", failures), "claim", losses));
    world.enqueue();
    node.renew();
    node.poll(); // the reply is lost
    for (int i = 0; i < 4; i++) {
      world.advance(World.LEASE.renewInterval());
      node.renew();
    }
    failures[0] = 1;
    node.poll();
    node.poll();
    assertThat(node.handlers).hasSize(1);
  }

  @Test
  void aStaleSettlementHasNoEffect() {
    World.Node frozen = world.node(World::nothing);
    World.Node other = world.node(World::nothing);
    JobId id = world.enqueue();
    frozen.renew();
    frozen.poll();
    expire();
    other.renew();
    other.maintain();
    long token = world.store.records().find(id).orElseThrow().token();
    Set<TokenLease> lost =
        world.store.settle(
            List.of(new Settlement(new TokenLease(id, token - 1), new Outcome.Succeeded(null))));
    assertThat(lost).hasSize(1);
    assertThat(world.store.records().find(id).orElseThrow().state()).isEqualTo(JobState.PENDING);
  }

  @Test
  void suspectsRunOneAtATime() {
    World.Node dead = world.node(World::nothing);
    World.Node other = world.node(World::nothing);
    for (int i = 0; i < 3; i++) {
      world.enqueue();
    }
    dead.renew();
    dead.poll();
    assertThat(dead.handlers).hasSize(3);
    expire();
    other.renew();
    other.maintain();
    other.poll();
    assertThat(other.handlers).hasSize(1);
    other.poll();
    assertThat(other.handlers).as("the first is under way").hasSize(1);
    for (int i = 0; i < 3; i++) {
      other.handleAll();
      other.settle();
      other.poll();
    }
    assertThat(world.events(JobEvent.Succeeded.class)).hasSize(3);
    assertThat(world.events(JobEvent.Released.class)).as("taken and not wanted").isEmpty();
  }
}
