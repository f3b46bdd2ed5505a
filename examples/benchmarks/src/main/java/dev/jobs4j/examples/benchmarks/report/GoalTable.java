package dev.jobs4j.examples.benchmarks.report;

import dev.jobs4j.examples.benchmarks.report.Goal.Verdict;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The goals beside what was reached; those that the run does not tell about are left out. */
public final class GoalTable {

  private GoalTable() {}

  /** Prints it, and keeps it. */
  public static void print(List<Goal> goals, Results results, PrintStream out, Journal journal) {
    List<Goal> told =
        goals.stream().filter(goal -> goal.verdict(results) != Verdict.UNKNOWN).toList();
    if (told.isEmpty()) {
      return;
    }
    int scenarios = told.stream().mapToInt(goal -> goal.scenario().length()).max().orElse(1);
    int texts = told.stream().mapToInt(goal -> goal.text().length()).max().orElse(1);
    String format = "%-" + scenarios + "s  %-" + texts + "s  %10s  %s%n";
    out.printf(Locale.ROOT, "%n" + format, "scenario", "goal", "reached", "");
    for (Goal goal : told) {
      OptionalDouble reached = goal.reached().apply(results);
      boolean met = goal.verdict(results) == Verdict.MET;
      out.printf(
          Locale.ROOT,
          format,
          goal.scenario(),
          goal.text(),
          Table.text(reached.orElse(Double.NaN)),
          met ? "met" : "NOT MET");
      journal.line(
          Map.of(
              "kind", "goal",
              "scenario", goal.scenario(),
              "goal", goal.text(),
              "reached", reached.orElse(Double.NaN),
              "met", met));
    }
  }
}
