package dev.jobs4j.examples.benchmarks.contestant;

import dev.jobs4j.examples.benchmarks.database.Area;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The limit: what the database gives to a program without any framework that claims in batches,
 * calls the handler on the claiming thread and ends in batches.
 */
final class PlainJdbc implements Contestant {

  private static final int CHUNK = 10_000;
  private static final List<Pace> PACES =
      List.of(
          new Pace(1, 500),
          new Pace(2, 250),
          new Pace(2, 500),
          new Pace(2, 1_000),
          new Pace(3, 500),
          new Pace(4, 250));

  private final String name;
  private final Area area;
  private final PlainStatements statements;
  private final AtomicLong ids = new AtomicLong(System.nanoTime());
  private final PlainLoop.Signal wake = new PlainLoop.Signal();
  private final Map<String, Pace> found;
  private Pace pace = new Pace(2, 500);

  /** Keeps the best pace under its name in {@code found}, and takes what is there already. */
  PlainJdbc(String name, Area area, PlainStatements statements, Map<String, Pace> found)
      throws SQLException {
    this.name = name;
    this.found = found;
    this.area = area;
    this.statements = statements;
    area.execute(statements.tables().toArray(String[]::new));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String about() {
    return "plain JDBC, " + statements.about() + ", " + found.getOrDefault(name, pace);
  }

  /** Tries each pace; the first round is for the machine to warm up. */
  @Override
  public void tune(int jobs) throws Exception {
    if (found.containsKey(name)) {
      pace = found.getOrDefault(name, pace);
      return;
    }
    double best = 0;
    Pace fastest = pace;
    StringBuilder rates = new StringBuilder(" (tried");
    rate(jobs);
    for (Pace candidate : PACES) {
      pace = candidate;
      double rate = rate(jobs);
      rates.append(
          String.format(
              Locale.ROOT, " %dx%d:%.0f/s", candidate.threads(), candidate.batch(), rate));
      if (rate > best) {
        best = rate;
        fastest = candidate;
      }
    }
    clear();
    pace = new Pace(fastest.threads(), fastest.batch(), rates.append(')').toString());
    found.put(name, pace);
  }

  private double rate(int jobs) throws Exception {
    enqueue(jobs, Duration.ZERO);
    area.tidy();
    long started = System.nanoTime();
    try (Engine engine = start(1, () -> {})) {
      engine.awaitSettled(jobs);
      return jobs / ((System.nanoTime() - started) / 1e9);
    }
  }

  @Override
  public void enqueue(int jobs, Duration delay) throws SQLException {
    try (Connection connection = area.pool().getConnection()) {
      for (int done = 0; done < jobs; done += CHUNK) {
        List<UUID> chunk = new ArrayList<>(CHUNK);
        for (int i = done; i < Math.min(jobs, done + CHUNK); i++) {
          chunk.add(nextId());
        }
        statements.insertAll(connection, chunk, delay);
      }
    }
    wake.give();
  }

  /** Ids that grow with time, as a good id does. */
  private UUID nextId() {
    return new UUID(ids.incrementAndGet(), ThreadLocalRandom.current().nextLong());
  }

  @Override
  public Producer producer() throws SQLException {
    Connection connection = area.pool().getConnection();
    PreparedStatement insert = connection.prepareStatement(statements.insert());
    return new Producer() {
      @Override
      public void enqueue() throws SQLException {
        insert.setObject(1, statements.id(nextId()));
        insert.setBytes(2, PlainStatements.payload());
        insert.execute();
        wake.give();
      }

      @Override
      public void close() throws SQLException {
        insert.close();
        connection.close();
      }
    };
  }

  /** Runs on the threads of its pace, whatever {@code workers} says. */
  @Override
  public Engine start(int workers, Runnable handler) throws SQLException {
    PlainLoop loop = PlainLoop.start(area, statements, pace, wake, handler);
    if (!statements.notifies()) {
      return loop;
    }
    PlainListener listener = PlainListener.start(area, wake);
    return new Engine() {
      @Override
      public void awaitSettled(long jobs) throws Exception {
        loop.awaitSettled(jobs);
      }

      @Override
      public void close() throws Exception {
        try (PlainLoop last = loop) {
          listener.close();
        }
      }
    };
  }

  @Override
  public void clear() throws SQLException {
    area.execute("TRUNCATE TABLE plain_job");
  }

  @Override
  public boolean keepsEnded() {
    return statements.keepsEnded();
  }

  @Override
  public long unfinished() throws SQLException {
    return area.number(
        "SELECT count(*) FROM plain_job WHERE state <> 'DONE' AND run_at <= " + area.now());
  }
}
