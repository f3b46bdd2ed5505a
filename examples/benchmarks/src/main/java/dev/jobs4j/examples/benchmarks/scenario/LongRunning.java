package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.examples.benchmarks.contestant.Library;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What it costs to keep the lease on many jobs that run for long. */
final class LongRunning implements Entrant.Probe {

  static final String WRITES = "row writes per lease interval";
  static final List<String> FIGURES =
      List.of(WRITES, Standstill.STATEMENTS, "transactions/s", "WAL bytes/s", "heap MiB");

  @Override
  public Map<String, Double> measure(Bout bout) throws Exception {
    double interval = LeaseOptions.defaults().renewInterval().toMillis() / 1e3;
    double seconds = Math.max(0.5, bout.seconds());
    Map<String, Double> figures = new LinkedHashMap<>();
    double heap = Heap.liveMebibytes();
    try (Holding holding = Holding.of((Library) bout.contestant(), bout.size().running())) {
      figures.put("heap MiB", Heap.liveMebibytes() - heap);
      Standstill.awaitQuiet(bout);
      Map<String, Double> watched = Standstill.watch(bout, seconds);
      figures.putAll(watched);
      figures.put(WRITES, watched.getOrDefault("row writes/s", Double.NaN) * interval);
    }
    return figures;
  }
}
