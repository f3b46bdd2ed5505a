package dev.jobs4j.simulation;

import dev.jobs4j.simulation.Swarm.Habitat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs seeds, one after the other, on the thread that made it. Not thread-safe. */
final class Simulation implements AutoCloseable {

  /** Lines of its trace that a run tells if it fails. */
  static final int TAIL = 300;

  /** What came of one seed. */
  record Result(
      long seed, Verdict.@Nullable Breach breach, long hash, Figures figures, String tail) {

    /** What happened last, and how to see it again. */
    String report() {
      return tail
          + "\n\nseed "
          + seed
          + " at "
          + Revision.current()
          + " broke "
          + breach
          + "\nrun it again, with all that happens, by -Djobs4j.seed="
          + seed;
    }
  }

  private final Crew crew = new Crew();
  private final int kept;

  /** Keeps so many lines of each run. */
  Simulation(int kept) {
    this.kept = kept;
  }

  /** Runs a seed on what ships. */
  Result run(long seed) {
    return run(seed, Bug.NONE, Habitat.ANY);
  }

  /** Runs a seed with a bug, in a world that suits it. */
  Result run(long seed, Bug bug, Habitat habitat) {
    World world = new World(seed, bug, habitat, crew, kept);
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
    Verdict.Breach breach = world.verdict().breach();
    return new Result(
        seed, breach, world.trace().hash(), figures, breach == null ? "" : world.trace().tail());
  }

  @Override
  public void close() {
    crew.close();
  }
}
