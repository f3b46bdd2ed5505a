package dev.jobs4j.examples.benchmarks;

import dev.jobs4j.examples.benchmarks.database.Area;
import dev.jobs4j.examples.benchmarks.database.Database;
import dev.jobs4j.examples.benchmarks.database.Database.Product;
import dev.jobs4j.examples.benchmarks.database.H2Database;
import dev.jobs4j.examples.benchmarks.database.MariaDatabase;
import dev.jobs4j.examples.benchmarks.database.PostgresDatabase;
import dev.jobs4j.examples.benchmarks.report.GoalTable;
import dev.jobs4j.examples.benchmarks.report.Journal;
import dev.jobs4j.examples.benchmarks.scenario.Goals;
import dev.jobs4j.examples.benchmarks.scenario.Scenario;
import dev.jobs4j.examples.benchmarks.scenario.Scenarios;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * Measures the library beside plain JDBC and its peers, in turn, on one server, and prints medians
 * and ratios of this one run. The absolute figures move by a factor of two between machines and
 * days; only the ratios are worth quoting.
 */
public final class Benchmarks {

  private Benchmarks() {}

  /** See {@link Options#USAGE}. Ends with 1 if an entrant could not be measured. */
  public static void main(String[] args) throws Exception {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage() + "\n" + Options.USAGE);
      System.exit(2);
      return;
    }
    System.exit(run(options, System.out) == 0 ? 0 : 1);
  }

  private static Database open(Product product) throws Exception {
    return switch (product) {
      case POSTGRESQL -> PostgresDatabase.start();
      case MARIADB -> MariaDatabase.connect();
      case H2 -> H2Database.start();
    };
  }

  /** Answers how many entrants could not be measured. */
  static int run(Options options, PrintStream out) throws Exception {
    List<Scenario> scenarios = Scenarios.all(options.size(), options.product());
    List<String> names = scenarios.stream().map(Scenario::name).toList();
    for (String name : options.scenarios()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "--scenarios: there is no \"" + name + "\" among " + String.join(", ", names));
      }
    }
    if (options.list()) {
      scenarios.forEach(s -> out.printf("%-20s %s%n", s.name(), s.about()));
      return 0;
    }
    if (options.limits()) {
      try (Database database = PostgresDatabase.start();
          Area area = database.open("bench_limits")) {
        new LimitFigures(area, out).print();
      }
      return 0;
    }
    try (Database database = open(options.product());
        Journal journal = new Journal(options.out())) {
      String machine = Machine.about();
      out.printf(
          "%s%n%s%n%d rounds after %d to warm up, %s%n",
          machine, database.about(), options.rounds(), options.warmUps(), options.size());
      journal.line(
          Map.of(
              "kind", "run",
              "machine", machine,
              "database", database.about(),
              "rounds", options.rounds(),
              "size", options.size()));
      Run run = new Run(options, database, journal, out);
      for (Scenario scenario : scenarios) {
        if (options.wantsScenario(scenario.name())) {
          run.play(scenario);
        }
      }
      GoalTable.print(Goals.of(options.product(), options.size()), run.results(), out, journal);
      out.printf("%nJSON lines: %s%n", options.out().toAbsolutePath());
      return run.failures();
    }
  }
}
