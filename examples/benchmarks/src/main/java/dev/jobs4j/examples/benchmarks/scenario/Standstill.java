package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.examples.benchmarks.contestant.Contestant.Engine;
import dev.jobs4j.examples.benchmarks.database.Meter;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An engine that has nothing to start: what it asks of its database, its threads and its heap. */
final class Standstill implements Entrant.Probe {

  static final String STATEMENTS = "statements a second";
  static final String THREADS = "threads";
  static final String HEAP = "heap MiB over the host's";

  static final List<String> FIGURES =
      List.of(STATEMENTS, "transactions/s", "WAL bytes/s", THREADS, HEAP);

  @Override
  public Map<String, Double> measure(Bout bout) throws Exception {
    double seconds = Math.max(0.5, bout.seconds() / 4);
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    double heap = Heap.liveMebibytes();
    Map<String, Double> figures = new LinkedHashMap<>();
    try (Engine engine = bout.contestant().start(10, () -> {})) {
      awaitQuiet(bout);
      figures.put(THREADS, (double) ManagementFactory.getThreadMXBean().getThreadCount() - threads);
      figures.put(HEAP, Heap.liveMebibytes() - heap);
      figures.putAll(watch(bout, seconds));
    }
    return figures;
  }

  /** Sessions tell the last of what they did up to ten seconds after it. */
  static void awaitQuiet(Bout bout) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(
        bout.warmUp() ? 200 : Math.min(11_000, bout.size().seconds() * 500L));
  }

  /** What the server does in so many seconds, per second. */
  static Map<String, Double> watch(Bout bout, double seconds) throws Exception {
    bout.database().countStatements(true);
    TimeUnit.MILLISECONDS.sleep(200); // until the sessions have read that setting
    Meter meter = Meter.start(bout.database());
    long started = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep((long) (seconds * 1000));
    Map<String, Double> counts = meter.difference();
    double took = (System.nanoTime() - started) / 1e9;
    bout.database().countStatements(false);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(STATEMENTS, counts.getOrDefault("statements", Double.NaN) / took);
    for (String name : List.of("transactions", "row writes", "WAL bytes")) {
      figures.put(name + "/s", counts.getOrDefault(name, Double.NaN) / took);
    }
    return figures;
  }
}
