package dev.jobs4j.simulation;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What runs were made of, to be printed at the end. Not thread-safe; {@link #add} sums up. */
final class Figures {

  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<Rule, Long> checks = new EnumMap<>(Rule.class);
  private long seeds;

  void count(String what) {
    count(what, 1);
  }

  void count(String what, long times) {
    counts.merge(what, times, Long::sum);
  }

  void count(Network.Way way) {
    if (way != Network.Way.WELL) {
      count(name(way));
    }
  }

  private static String name(Network.Way way) {
    return way.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  void seedDone(Verdict verdict) {
    seeds++;
    for (Rule rule : Rule.values()) {
      checks.merge(rule, verdict.checks(rule), Long::sum);
    }
  }

  void add(Figures other) {
    seeds += other.seeds;
    other.counts.forEach(this::count);
    other.checks.forEach((rule, times) -> checks.merge(rule, times, Long::sum));
  }

  long of(Network.Way way) {
    return of(name(way));
  }

  long of(String what) {
    return counts.getOrDefault(what, 0L);
  }

  long checks(Rule rule) {
    return checks.getOrDefault(rule, 0L);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("seeds: ").append(seeds);
    counts.forEach((what, times) -> text.append(String.format("%n%-24s %,14d", what, times)));
    text.append(String.format("%nchecks"));
    checks.forEach(
        (rule, times) ->
            text.append(String.format("%n%-4s %,14d  %s", rule, times, rule.promise())));
    return text.toString();
  }
}
