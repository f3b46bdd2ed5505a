package dev.jobs4j.examples.benchmarks;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The limit: what the database gives to a program without any framework that claims and deletes in
 * batches over a partial index.
 */
final class PlainJdbcDrain implements Benchmarks.Scenario {

  private final Postgres postgres;
  private final int threads;
  private final int batch;

  PlainJdbcDrain(Postgres postgres, int threads, int batch) throws SQLException {
    this.postgres = postgres;
    this.threads = threads;
    this.batch = batch;
    postgres.execute(
        """
        CREATE TABLE plain_job (
          id uuid PRIMARY KEY, queue text NOT NULL, state text NOT NULL, priority smallint NOT NULL,
          run_at timestamptz NOT NULL, attempt int NOT NULL, token bigint NOT NULL, payload bytea NOT NULL)
        """);
    postgres.execute(
        """
        CREATE INDEX plain_claim ON plain_job (queue, priority, run_at, id) WHERE state = 'PENDING'
        """);
  }

  @Override
  public String name() {
    return "limit: plain JDBC, " + threads + " x " + batch;
  }

  @Override
  public double run(int jobs) throws Exception {
    postgres.execute("TRUNCATE plain_job");
    postgres.execute(
        """
        INSERT INTO plain_job
        SELECT gen_random_uuid(), 'q', 'PENDING', 3, now(), 0, 0, '\\x226e6f7468696e6722'
        FROM generate_series(1, %d)
        """
            .formatted(jobs));
    postgres.execute("VACUUM ANALYZE plain_job");
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long started = System.nanoTime();
      List<Future<Integer>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        parts.add(pool.submit(this::drain));
      }
      int done = 0;
      for (Future<Integer> part : parts) {
        done += part.get();
      }
      double seconds = (System.nanoTime() - started) / 1e9;
      if (done != jobs) {
        throw new IllegalStateException("drained " + done + " of " + jobs);
      }
      return jobs / seconds;
    } finally {
      pool.shutdownNow();
    }
  }

  private int drain() throws SQLException {
    int done = 0;
    try (Connection connection = postgres.pool().getConnection();
        PreparedStatement claim =
            connection.prepareStatement(
                """
                UPDATE plain_job SET state = 'RUNNING', attempt = attempt + 1, token = token + 1
                WHERE id IN (SELECT id FROM plain_job
                              WHERE queue = 'q' AND state = 'PENDING' AND priority = 3
                                AND run_at <= statement_timestamp()
                              ORDER BY run_at, id LIMIT ? FOR UPDATE SKIP LOCKED)
                RETURNING id, payload
                """);
        PreparedStatement end =
            connection.prepareStatement("DELETE FROM plain_job WHERE id = ANY(?)")) {
      while (true) {
        List<UUID> ids = new ArrayList<>(batch);
        claim.setInt(1, batch);
        try (ResultSet rows = claim.executeQuery()) {
          while (rows.next()) {
            ids.add(rows.getObject(1, UUID.class));
            rows.getBytes(2);
          }
        }
        if (ids.isEmpty()) {
          return done;
        }
        Array array = connection.createArrayOf("uuid", ids.toArray());
        end.setArray(1, array);
        done += end.executeUpdate();
        array.free();
      }
    }
  }
}
