package dev.jobs4j.simulation;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Brings trouble over whole nodes and over the store, at times that are drawn. */
final class Nemesis {

  private final World world;
  private final Chance chance;

  Nemesis(World world) {
    this.world = world;
    chance = world.chance();
  }

  void plan() {
    Swarm.Faults faults = world.swarm().faults();
    Duration lease = world.swarm().lease().duration();
    each(faults.crash(), () -> toSome(Node::isAwake, node -> node.crash("by itself")));
    each(faults.freeze(), () -> toSome(Node::isAwake, node -> node.freeze(asLongAs(lease))));
    each(faults.outage(), () -> outage(asLongAs(lease)));
    each(faults.jump(), () -> toSome(Node::isUp, node -> node.jump(jump())));
    each(faults.stop(), () -> toSome(Node::isUp, Node::stop));
  }

  /** Mostly longer than the lease, which is where it hurts. */
  private Duration asLongAs(Duration lease) {
    return Duration.ofMillis((long) (lease.toMillis() * (0.2 + chance.below(300) / 100.0)));
  }

  private Duration jump() {
    world.figures().count("clock jumps");
    return Duration.ofSeconds(chance.between(-3_600, 3_600));
  }

  private void each(Duration gap, Runnable trouble) {
    if (!gap.isZero()) {
      Duration next =
          Duration.ofMillis((long) (gap.toMillis() * (0.3 + chance.below(140) / 100.0)));
      world
          .agenda()
          .in(
              next,
              () -> {
                if (!world.isCalm()) {
                  trouble.run();
                  each(gap, trouble);
                }
              });
    }
  }

  private void toSome(Predicate<Node> which, Consumer<Node> trouble) {
    List<Node> up = world.nodes().stream().filter(which).toList();
    if (!up.isEmpty()) {
      trouble.accept(chance.pick(up));
    }
  }

  private void outage(Duration length) {
    if (world.network().isDown()) {
      return;
    }
    world.figures().count("outages");
    world.note(() -> "the store is away for " + length);
    world.network().down(true);
    world
        .agenda()
        .in(
            length,
            () -> {
              world.network().down(false);
              world.note(() -> "the store is back");
            });
  }
}
