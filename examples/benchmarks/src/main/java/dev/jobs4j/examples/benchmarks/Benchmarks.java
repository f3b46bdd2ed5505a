package dev.jobs4j.examples.benchmarks;

import dev.jobs4j.examples.benchmarks.LibraryDrain.Finished;
import dev.jobs4j.examples.benchmarks.LibraryDrain.Load;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Drains the same number of no-op jobs by plain JDBC and by the library, in turn, on one PostgreSQL
 * with fsync and synchronous commit on, and prints medians and ratios of this one run. The absolute
 * figures move by a factor of two between machines and days; only the ratios are worth quoting.
 */
public final class Benchmarks {

  private Benchmarks() {}

  /**
   * Options: {@code --jobs N} (100,000) and {@code --rounds N} (3); {@code --limits} shows instead
   * how well shares and rates are kept over three engines.
   */
  public static void main(String[] args) throws Exception {
    if (List.of(args).contains("--limits")) {
      try (Postgres postgres = Postgres.start()) {
        new LimitFigures(postgres, System.out).print();
      }
      return;
    }
    int jobs = option(args, "--jobs", 100_000);
    int rounds = option(args, "--rounds", 3);
    try (Postgres postgres = Postgres.start()) {
      List<Scenario> scenarios =
          List.of(
              new PlainJdbcDrain(postgres, 2, 500),
              new LibraryDrain(postgres, Finished.DELETED, 10, Load.PLAIN),
              new LibraryDrain(postgres, Finished.KEPT, 10, Load.PLAIN),
              new LibraryDrain(postgres, Finished.KEPT, 10, Load.LIMITED),
              new LibraryDrain(postgres, Finished.KEPT, 10, Load.SHARED));
      System.out.printf(
          "%s, Java %s, %d processors, %d no-op jobs, %d rounds after one warm-up%n",
          postgres.version(),
          Runtime.version(),
          Runtime.getRuntime().availableProcessors(),
          jobs,
          rounds);
      report(System.out, run(scenarios, jobs, rounds), scenarios.get(0).name());
    }
  }

  /** One measurable way of doing the same work. */
  interface Scenario {
    String name();

    /** Prepares {@code jobs} due jobs, drains them and answers jobs per second of the drain. */
    double run(int jobs) throws Exception;
  }

  private static Map<String, List<Double>> run(List<Scenario> scenarios, int jobs, int rounds)
      throws Exception {
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Scenario scenario : scenarios) {
        double rate = scenario.run(jobs);
        if (round > 0) { // the first is the warm-up
          rates.computeIfAbsent(scenario.name(), name -> new ArrayList<>()).add(rate);
          System.out.printf(
              "{\"round\":%d,\"scenario\":\"%s\",\"jobs\":%d,\"jobsPerSecond\":%.0f}%n",
              round, scenario.name(), jobs, rate);
        }
      }
    }
    return rates;
  }

  private static void report(PrintStream out, Map<String, List<Double>> rates, String limit) {
    List<Double> reference = rates.getOrDefault(limit, List.of());
    out.printf("%n%-34s %12s %25s %14s%n", "scenario", "median/s", "min-max", "of the limit");
    rates.forEach(
        (name, values) -> {
          List<Double> ratios = new ArrayList<>();
          for (int i = 0; i < values.size(); i++) {
            ratios.add(values.get(i) / reference.get(i));
          }
          List<Double> sorted = values.stream().sorted().toList();
          out.printf(
              "%-34s %,12.0f %,12.0f-%,12.0f %14.2f%n",
              name, median(values), sorted.get(0), sorted.get(sorted.size() - 1), median(ratios));
        });
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static int option(String[] args, String name, int otherwise) {
    for (int i = 0; i < args.length - 1; i++) {
      if (args[i].equals(name)) {
        return Integer.parseInt(args[i + 1]);
      }
    }
    return otherwise;
  }
}
