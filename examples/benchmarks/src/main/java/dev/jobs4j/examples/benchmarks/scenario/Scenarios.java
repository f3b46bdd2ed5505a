package dev.jobs4j.examples.benchmarks.scenario;

import static dev.jobs4j.examples.benchmarks.contestant.Roster.DB_SCHEDULER;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.JOBRUNR;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIBRARY;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIBRARY_DELETING;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIMIT;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIMIT_HOT;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIMIT_KEPT;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.QUARTZ;

import java.util.List;
import java.util.stream.Stream;

/** All scenarios, in the order in which they run. */
public final class Scenarios {

  private Scenarios() {}

  /** All of them, at this size. */
  public static List<Scenario> all(Size size) {
    return List.of(
        new Scenario(
            "drain",
            "no-op jobs, 10 workers, ended jobs deleted",
            Drain.FIGURES,
            of(
                Drain.PLAIN,
                LIMIT,
                LIMIT_HOT,
                LIBRARY_DELETING,
                DB_SCHEDULER,
                JOBRUNR,
                QUARTZ)),
        new Scenario(
            "drain-kept",
            "no-op jobs, 10 workers, ended jobs kept; the limit deletes, limit-kept updates",
            Drain.FIGURES,
            of(Drain.PLAIN, LIMIT, LIMIT_KEPT, LIBRARY)));
  }

  private static List<Entrant> of(Entrant.Probe probe, String... systems) {
    return Stream.of(systems).map(system -> Entrant.of(system, LIMIT, probe)).toList();
  }
}
