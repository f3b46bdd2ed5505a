package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.examples.benchmarks.contestant.Contestant;
import dev.jobs4j.examples.benchmarks.contestant.Contestant.Engine;
import dev.jobs4j.examples.benchmarks.contestant.Patience;
import dev.jobs4j.examples.benchmarks.database.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs what waits until nothing is left. The rate counts from the first call of a handler to the
 * end of the last job in the database.
 *
 * @param engines how many run side by side
 * @param workers of each
 * @param body what each job does
 */
record Drain(int engines, int workers, Runnable body) implements Entrant.Probe {

  static final String RATE = "jobs/s";
  static final List<String> FIGURES =
      List.of(
          RATE,
          "client CPU s/1000 jobs",
          "server CPU s/1000 jobs",
          "allocated bytes/job",
          "statements/job",
          "transactions/job",
          "WAL bytes/job",
          "row writes/job",
          "HOT updates/job",
          "dead rows");

  /** One engine with ten workers and no work to speak of. */
  static final Drain PLAIN = new Drain(1, 10, () -> {});

  @Override
  public Map<String, Double> measure(Bout bout) throws Exception {
    return measure(bout, bout.jobs());
  }

  Map<String, Double> measure(Bout bout, int jobs) throws Exception {
    Contestant contestant = bout.contestant();
    long left = contestant.unfinished();
    bout.database().checkpoint(); // before the jobs: their pages are then logged whole already
    contestant.enqueue(jobs, Duration.ZERO);
    bout.area().tidy();
    Handlers handlers = new Handlers(body);
    Meter meter = Meter.start(bout.database());
    List<Engine> running = new ArrayList<>();
    long ended;
    try {
      for (int i = 0; i < engines; i++) {
        running.add(contestant.start(workers, handlers));
      }
      handlers.await(jobs);
      awaitSettled(contestant, running, jobs, left);
      ended = System.nanoTime();
      meter.stopClient();
    } finally {
      for (Engine engine : running) {
        engine.close();
      }
    }
    if (handlers.runs() != jobs || contestant.unfinished() != left) {
      throw new IllegalStateException(
          "ran %d of %d jobs, %d more left than before"
              .formatted(handlers.runs(), jobs, contestant.unfinished() - left));
    }
    bout.area().settleCounts();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(RATE, jobs * 1e9 / (ended - handlers.firstNanos()));
    figures.putAll(meter.perJob(jobs));
    return figures;
  }

  private static void awaitSettled(Contestant contestant, List<Engine> running, int jobs, long left)
      throws Exception {
    if (running.size() == 1) {
      running.get(0).awaitSettled(jobs);
    } else {
      Patience.await("ended jobs, as negatives,", -left, 1_000, () -> -contestant.unfinished());
    }
  }
}
