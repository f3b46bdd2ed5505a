package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.examples.benchmarks.contestant.Contestant;
import dev.jobs4j.examples.benchmarks.contestant.Contestant.Engine;
import dev.jobs4j.examples.benchmarks.database.Meter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Four threads enqueue one by one while ten workers run what comes. */
final class Mixed implements Entrant.Probe {

  private static final int WORKERS = 10;

  @Override
  public Map<String, Double> measure(Bout bout) throws Exception {
    Contestant contestant = bout.contestant();
    int each = Math.max(1, bout.jobs() / Enqueue.THREADS);
    int jobs = each * Enqueue.THREADS;
    bout.database().checkpoint();
    bout.area().tidy();
    Handlers handlers = new Handlers(() -> {});
    Meter meter = Meter.start(bout.database());
    long started;
    long ended;
    try (Engine engine = contestant.start(WORKERS, handlers);
        Crew crew = new Crew()) {
      started = System.nanoTime();
      for (int i = 0; i < Enqueue.THREADS; i++) {
        crew.start(() -> Enqueue.storeEach(contestant, each));
      }
      crew.await();
      handlers.await(jobs);
      engine.awaitSettled(jobs);
      ended = System.nanoTime();
      meter.stopClient();
    }
    bout.area().settleCounts();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(Drain.RATE, jobs * 1e9 / (ended - started));
    figures.putAll(meter.perJob(jobs));
    return figures;
  }
}
