package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.examples.benchmarks.contestant.Contestant;
import dev.jobs4j.examples.benchmarks.contestant.Contestant.Engine;
import dev.jobs4j.examples.benchmarks.contestant.Contestant.Producer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A steady load for a while, then a drain; with or without a transaction elsewhere in the database
 * that stays open through both, so that no dead row can be cleared away.
 */
record Steady(boolean open) implements Entrant.Probe {

  static final String SLOWEST = "slowest tenth jobs/s";

  static final List<String> FIGURES =
      List.of(
          Drain.RATE,
          "steady jobs/s",
          SLOWEST,
          "last tenth jobs/s",
          "behind at the end",
          "server CPU s/1000 jobs",
          "WAL bytes/job",
          "dead rows");

  private static final int TENTHS = 10;
  private static final int WORKERS = 10;

  @Override
  public Map<String, Double> measure(Bout bout) throws Exception {
    Map<String, Double> figures = new LinkedHashMap<>();
    try (Connection elsewhere = bout.area().pool().getConnection()) {
      if (open) {
        hold(elsewhere, bout);
      }
      figures.putAll(load(bout));
      figures.putAll(Drain.PLAIN.measure(bout));
      elsewhere.setAutoCommit(true); // ends what is open
    }
    return figures;
  }

  /** Reads something and sits on its snapshot. */
  private static void hold(Connection elsewhere, Bout bout) throws Exception {
    elsewhere.setAutoCommit(false);
    elsewhere.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = elsewhere.createStatement()) {
      for (String sql : bout.area().snapshot()) {
        statement.execute(sql);
      }
    }
  }

  private static Map<String, Double> load(Bout bout) throws Exception {
    Contestant contestant = bout.contestant();
    long tenth = (long) (bout.seconds() * 1e9 / TENTHS);
    int perThread = Math.max(1, bout.size().perSecond() / Enqueue.THREADS);
    Handlers handlers = new Handlers(() -> {});
    double[] rates = new double[TENTHS];
    long enqueued;
    long behind;
    try (Engine engine = contestant.start(WORKERS, handlers);
        Crew crew = new Crew()) {
      long started = System.nanoTime();
      long end = started + tenth * TENTHS;
      Pacer[] pacers = new Pacer[Enqueue.THREADS];
      for (int i = 0; i < pacers.length; i++) {
        Pacer pacer = new Pacer(contestant, perThread, started, end);
        pacers[i] = pacer;
        crew.start(pacer::run);
      }
      long before = 0;
      for (int i = 0; i < TENTHS; i++) {
        sleepUntil(started + tenth * (i + 1));
        long runs = handlers.runs();
        rates[i] = (runs - before) * 1e9 / tenth;
        before = runs;
      }
      crew.await();
      enqueued = 0;
      for (Pacer pacer : pacers) {
        enqueued += pacer.enqueued;
      }
      behind = enqueued - before;
      engine.awaitSettled(enqueued);
    }
    double sum = 0;
    double slowest = Double.MAX_VALUE;
    for (double rate : rates) {
      sum += rate;
      slowest = Math.min(slowest, rate);
    }
    return Map.of(
        "steady jobs/s",
        sum / TENTHS,
        SLOWEST,
        slowest,
        "last tenth jobs/s",
        rates[TENTHS - 1],
        "behind at the end",
        (double) behind);
  }

  private static void sleepUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Enqueues one by one at a pace; what could not be stored in time is not made up for. */
  private static final class Pacer {
    private final Contestant contestant;
    private final int perSecond;
    private final long started;
    private final long end;
    private long enqueued;

    Pacer(Contestant contestant, int perSecond, long started, long end) {
      this.contestant = contestant;
      this.perSecond = perSecond;
      this.started = started;
      this.end = end;
    }

    void run() throws Exception {
      try (Producer producer = contestant.producer()) {
        while (System.nanoTime() < end) {
          sleepUntil(started + enqueued * 1_000_000_000L / perSecond);
          producer.enqueue();
          enqueued++;
        }
      }
    }
  }
}
