package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.examples.benchmarks.contestant.Contestant;
import dev.jobs4j.examples.benchmarks.contestant.Contestant.Producer;
import dev.jobs4j.examples.benchmarks.database.Meter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stores jobs into an empty table while nothing runs them. */
enum Enqueue implements Entrant.Probe {
  /** One by one, each durable before the next, from four threads. */
  SINGLE {
    @Override
    int store(Contestant contestant, int jobs, Meter meter) throws Exception {
      int each = Math.max(1, jobs / THREADS);
      try (Crew crew = new Crew()) {
        for (int i = 0; i < THREADS; i++) {
          crew.start(() -> storeEach(contestant, each));
        }
        crew.await();
        meter.stopClient();
      }
      return each * THREADS;
    }
  },
  /** In bulk, from one thread. */
  BULK {
    @Override
    int store(Contestant contestant, int jobs, Meter meter) throws Exception {
      contestant.enqueue(jobs, Duration.ZERO);
      meter.stopClient();
      return jobs;
    }
  };

  static final int THREADS = 4;

  static final List<String> FIGURES =
      List.of(
          Drain.RATE,
          "client CPU s/1000 jobs",
          "server CPU s/1000 jobs",
          "allocated bytes/job",
          "statements/job",
          "transactions/job",
          "WAL bytes/job");

  /** Stores them and answers how many; the crew's threads must be there when the meter stops. */
  abstract int store(Contestant contestant, int jobs, Meter meter) throws Exception;

  static void storeEach(Contestant contestant, int jobs) throws Exception {
    try (Producer producer = contestant.producer()) {
      for (int i = 0; i < jobs; i++) {
        producer.enqueue();
      }
    }
  }

  @Override
  public Map<String, Double> measure(Bout bout) throws Exception {
    Contestant contestant = bout.contestant();
    contestant.clear();
    bout.area().tidy();
    bout.database().checkpoint();
    Meter meter = Meter.start(bout.database());
    long started = System.nanoTime();
    int stored = store(contestant, bout.jobs(), meter);
    long ended = System.nanoTime();
    long found = contestant.unfinished();
    if (found != stored) {
      throw new IllegalStateException("stored " + stored + " jobs, found " + found);
    }
    bout.area().settleCounts();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(Drain.RATE, stored * 1e9 / (ended - started));
    figures.putAll(meter.perJob(stored));
    contestant.clear();
    return figures;
  }
}
