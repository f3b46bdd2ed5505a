package dev.jobs4j.spi;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Pause;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a claim looks at before it gives out a job, as of one look.
 *
 * @param job the job
 * @param asOf when that was, by the store's clock
 * @param waits what the job waits for
 * @param ahead how many due jobs of its queue that wait for nothing, and that one of the engines
 *     could run, come before it in the order of claims; {@link #MOST} may be more
 * @param pauses all that is paused
 * @param engines all that are alive
 */
public record Standing(
    Job job, Instant asOf, Waits waits, int ahead, List<Pause> pauses, List<LiveEngine> engines) {

  /** How far a store counts jobs that are ahead. */
  public static final int MOST = 1_000;

  /** How many parents are named. */
  public static final int PARENTS = 10;

  /** Copies the lists. */
  public Standing {
    pauses = List.copyOf(pauses);
    engines = List.copyOf(engines);
  }

  /**
   * What the live engines that work the queue of a job can run and that is not paused, each type
   * with the newest version of its payload that one of them reads: other jobs stand in nobody's
   * way.
   */
  public static Map<String, Integer> wanted(Job job, List<LiveEngine> live, List<Pause> pauses) {
    Map<String, Integer> types = new HashMap<>();
    for (LiveEngine engine : live) {
      if (engine.info().queues().containsKey(job.queue())) {
        engine.info().types().forEach((type, version) -> types.merge(type, version, Math::max));
      }
    }
    for (Pause pause : pauses) {
      if (pause.target().scope() == Pause.Scope.TYPE) {
        types.remove(pause.target().name());
      }
    }
    return types;
  }

  /**
   * What a pending job waits for.
   *
   * @param parents the jobs whose end it still waits for, at most {@link #PARENTS} of them, dead
   *     ones first
   * @param head the first of its line, if that is another; null otherwise
   * @param dead those of all these that are dead letters, and keep it until somebody mends that
   * @param shut a limit key of the job that lets nothing start, or null
   * @param opensAt when that will let another one start by its rate; null if a job must end first
   */
  public record Waits(
      List<JobId> parents,
      @Nullable JobId head,
      Set<JobId> dead,
      @Nullable LimitKey shut,
      @Nullable Instant opensAt) {

    /** For nothing. */
    public static final Waits NOTHING = new Waits(List.of(), null, Set.of(), null, null);

    /** Copies the list and the set. */
    public Waits {
      parents = List.copyOf(parents);
      dead = Set.copyOf(dead);
    }

    /** For parents alone. */
    public static Waits on(List<JobId> parents, Set<JobId> dead) {
      return new Waits(parents, null, dead, null, null);
    }
  }
}
