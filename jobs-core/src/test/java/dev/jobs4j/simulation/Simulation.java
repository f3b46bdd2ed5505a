package dev.jobs4j.simulation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs seeds, one after the other, on the thread that made it. Not thread-safe. */
final class Simulation implements AutoCloseable {

  /** What came of one seed. */
  record Result(
      long seed, Verdict.@Nullable Breach breach, long hash, long events, Figures figures, String tail) {

    /** What happened last, and how to see it again. */
    String report() {
      return tail
          + "\n\nseed "
          + seed
          + " at "
          + System.getProperty("jobs4j.revision", "this revision")
          + " broke "
          + breach
          + "\nrun it again with -Djobs4j.seed="
          + seed;
    }
  }

  private final Crew crew = new Crew();

  Result run(long seed, Bug bug) {
    World world = new World(seed, bug, crew);
    Load load = new Load(world);
    try {
      world.note(() -> "seed " + seed + " " + world.swarm());
      world.maker().startAll();
      load.plan();
      new Nemesis(world).plan();
      world.until(world.swarm().load(), () -> false);
      if (world.verdict().breach() == null) {
        new Endgame(world, load).play();
      }
    } finally {
      world.close();
      load.front().cutOff();
    }
    return result(seed, world, load);
  }

  private static Result result(long seed, World world, Load load) {
    Figures figures = world.figures();
    figures.count("events", world.agenda().happened());
    figures.count("jobs asked for", load.asked());
    figures.count("jobs", world.ledger().all().size());
    figures.count("starts of handlers", world.ledger().starts());
    figures.count("late starts", world.ledger().staleStarts());
    figures.count("virtual seconds", Duration.ofNanos(world.agenda().nanos()).toSeconds());
    figures.seedDone(world.verdict());
    return new Result(
        seed,
        world.verdict().breach(),
        world.trace().hash(),
        world.agenda().happened(),
        figures,
        world.verdict().breach() == null ? "" : world.trace().tail());
  }

  @Override
  public void close() {
    crew.close();
  }
}
