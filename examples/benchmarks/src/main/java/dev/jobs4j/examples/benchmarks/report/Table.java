package dev.jobs4j.examples.benchmarks.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One scenario in columns: the first figure with its range and ratio, medians of the others. */
public final class Table {

  private final Results results;
  private final String scenario;
  private final List<String> figures;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table of these figures. */
  public Table(Results results, String scenario, List<String> figures) {
    this.results = results;
    this.scenario = scenario;
    this.figures = figures.stream().filter(this::isKnown).toList();
    List<String> head = new ArrayList<>(List.of(scenario));
    if (!this.figures.isEmpty()) {
      head.addAll(List.of(this.figures.get(0), "min-max", "ratio", "against"));
      head.addAll(this.figures.subList(1, this.figures.size()));
    }
    rows.add(head);
  }

  private boolean isKnown(String figure) {
    return results.labels(scenario).stream()
        .anyMatch(label -> !results.values(scenario, label, figure).isEmpty());
  }

  /** Adds the row of an entrant. */
  public void row(String label, @Nullable String against) {
    if (figures.isEmpty() || !results.has(scenario, label)) {
      return;
    }
    List<String> row = new ArrayList<>(List.of(label));
    String first = figures.get(0);
    List<Double> values = results.values(scenario, label, first).stream().sorted().toList();
    row.add(text(results.median(scenario, label, first)));
    row.add(
        values.isEmpty() ? "" : text(values.get(0)) + " - " + text(values.get(values.size() - 1)));
    OptionalDouble ratio =
        against == null ? OptionalDouble.empty() : results.ratio(scenario, label, first, against);
    row.add(text(ratio));
    row.add(ratio.isEmpty() ? "" : against);
    for (String figure : figures.subList(1, figures.size())) {
      row.add(text(results.median(scenario, label, figure)));
    }
    rows.add(row);
  }

  /** Prints it, the first column flush left. */
  public void print(PrintStream out) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    out.println();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String format = "%" + (i == 0 ? "-" : "") + widths[i] + "s";
        line.append(i == 0 ? "" : "  ").append(String.format(Locale.ROOT, format, row.get(i)));
      }
      out.println(line);
    }
  }

  private static String text(OptionalDouble value) {
    return value.isPresent() ? text(value.getAsDouble()) : "";
  }

  /** Four digits, as much as such figures bear. */
  static String text(double value) {
    double size = Math.abs(value);
    String format = size >= 1_000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.3f";
    return String.format(Locale.ROOT, value == 0 ? "%.0f" : format, value);
  }
}
