package dev.jobs4j.simulation;

import dev.jobs4j.core.config.Ticker;
import java.time.Duration;

/** Measures made-up time, from a point that makes it wrap around in most runs. */
final class Ticking implements Ticker {

  private static final long BASE = Long.MAX_VALUE - 5_000_000_000L;

  private final World world;
  private final Node node;

  Ticking(World world, Node node) {
    this.world = world;
    this.node = node;
  }

  @Override
  public long nanos() {
    return BASE + world.agenda().nanos();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    world.pass(node, time);
  }
}
