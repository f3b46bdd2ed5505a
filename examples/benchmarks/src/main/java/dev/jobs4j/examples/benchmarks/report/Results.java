package dev.jobs4j.examples.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** The figures of all measured rounds. */
public final class Results {

  private final Map<String, Map<String, List<Map<String, Double>>>> rounds = new LinkedHashMap<>();

  /** Takes the figures of one round. */
  public void add(String scenario, String label, Map<String, Double> figures) {
    rounds
        .computeIfAbsent(scenario, any -> new LinkedHashMap<>())
        .computeIfAbsent(label, any -> new ArrayList<>())
        .add(figures);
  }

  /** The labels of a scenario, in the order of their first figures. */
  public Set<String> labels(String scenario) {
    return rounds.getOrDefault(scenario, Map.of()).keySet();
  }

  /** Whether there is anything of it. */
  public boolean has(String scenario, String label) {
    return !of(scenario, label).isEmpty();
  }

  private List<Map<String, Double>> of(String scenario, String label) {
    return rounds.getOrDefault(scenario, Map.of()).getOrDefault(label, List.of());
  }

  /** The values of a figure, one for each round that has it. */
  public List<Double> values(String scenario, String label, String figure) {
    return of(scenario, label).stream()
        .map(round -> round.getOrDefault(figure, Double.NaN))
        .filter(value -> !value.isNaN())
        .toList();
  }

  /** The median of a figure. */
  public OptionalDouble median(String scenario, String label, String figure) {
    return median(values(scenario, label, figure));
  }

  /** The median of what a figure is of another's in the same round. */
  public OptionalDouble ratio(String scenario, String label, String figure, String against) {
    List<Double> own = values(scenario, label, figure);
    List<Double> others = values(scenario, against, figure);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(own.size(), others.size()); i++) {
      ratios.add(own.get(i) / others.get(i));
    }
    return median(ratios);
  }

  private static OptionalDouble median(List<Double> values) {
    if (values.isEmpty()) {
      return OptionalDouble.empty();
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return OptionalDouble.of(
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
  }
}
