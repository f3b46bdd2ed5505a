package dev.jobs4j.examples.benchmarks.contestant;

import dev.jobs4j.examples.benchmarks.database.Area;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  /** How many threads claim how many jobs at once. */
  record Pace(int threads, int batch) {}

  private final String name;
  private final Area area;
  private final PlainStatements statements;
  private final AtomicLong ids = new AtomicLong(System.nanoTime());
  private final PlainLoop.Signal wake = new PlainLoop.Signal();
  private Pace pace = new Pace(2, 500);
  private String tried = "";

  PlainJdbc(String name, Area area, PlainStatements statements) throws SQLException {
    this.name = name;
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
    return "plain JDBC, %s, %d threads x %d%s"
        .formatted(statements.about(), pace.threads(), pace.batch(), tried);
  }

  /** Tries each pace; the first round is for the machine to warm up. */
  @Override
  public void tune(int jobs) throws Exception {
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
    pace = fastest;
    tried = rates.append(')').toString();
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
        insert.setObject(1, nextId());
        insert.setBytes(2, PlainStatements.PAYLOAD);
        insert.executeUpdate();
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
    return PlainLoop.start(area, statements, pace, wake, handler);
  }

  @Override
  public long unfinished() throws SQLException {
    return area.number(
        "SELECT count(*) FROM plain_job WHERE state <> 'DONE' AND run_at <= CURRENT_TIMESTAMP");
  }
}
