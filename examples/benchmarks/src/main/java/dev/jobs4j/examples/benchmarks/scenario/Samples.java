package dev.jobs4j.examples.benchmarks.scenario;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Latencies, one by one. */
final class Samples {

  static final String P50 = "p50 ms";
  static final String P99 = "p99 ms";
  static final List<String> FIGURES = List.of(P50, P99, "max ms", "samples");

  private final List<Long> nanos = new ArrayList<>();

  void add(long value) {
    nanos.add(Math.max(0, value));
  }

  int count() {
    return nanos.size();
  }

  Map<String, Double> figures() {
    Collections.sort(nanos);
    return Map.of(
        P50, millis(0.50), P99, millis(0.99), "max ms", millis(1), "samples", (double) count());
  }

  /** The smallest value that at least this share does not exceed. */
  private double millis(double share) {
    int index = (int) Math.ceil(share * nanos.size()) - 1;
    return nanos.get(Math.max(0, index)) / 1e6;
  }
}
