package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows that say what each claim took, by which the running jobs of an engine are found. The one
 * statement of a claim writes and deletes them itself; this is for claims of several statements,
 * and for jobs that run for long.
 */
final class ClaimBook {

  private static final Logger log = LoggerFactory.getLogger(ClaimBook.class);

  /** So many are looked through at a time: some 16 MB, a few milliseconds. */
  private static final int PAGES = 2_000;

  private final Transactions transactions;
  private final String enter;
  private final Command close;
  private final Command setAside;
  private final String lost;
  private final String mend;
  private final Command bringBack;
  private final AtomicLong nextPage = new AtomicLong();

  ClaimBook(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    enter =
        sql.of(
            """
            INSERT INTO {p}claim AS c (engine, id, jobs) VALUES (?, ?, ?)
                ON CONFLICT (engine, id) DO UPDATE SET jobs = c.jobs || EXCLUDED.jobs
            """);
    close = sql.command("DELETE FROM {p}claim WHERE engine = ? AND id = ANY (?)");
    lost =
        sql.of(
            """
            SELECT pg_relation_size(CAST('{p}job' AS regclass))
                     / CAST(current_setting('block_size') AS bigint) AS pages,
                   EXISTS (SELECT FROM {p}job AS j
                            WHERE ctid >= CAST(? AS tid) AND ctid < CAST(? AS tid)
                              AND state = 'RUNNING' AND NOT EXISTS (
                                    SELECT FROM {p}claim AS c
                                     WHERE c.engine = j.engine AND c.id = j.claim_id)) AS lost
            """);
    mend =
        sql.of(
            """
            INSERT INTO {p}claim (engine, id, jobs)
            SELECT engine, claim_id, array_agg(id) FROM {p}job AS j
             WHERE state = 'RUNNING' AND NOT EXISTS (
                     SELECT FROM {p}claim AS c WHERE c.engine = j.engine AND c.id = j.claim_id)
             GROUP BY engine, claim_id
             ORDER BY engine, claim_id
                ON CONFLICT (engine, id) DO NOTHING
            RETURNING engine, cardinality(jobs)
            """);
    bringBack =
        sql.command(
            """
            INSERT INTO {p}engine AS e (id, name, version, queues, types, state, lease_micros,
                registered_at, expires_at)
            VALUES (?, 'forgotten', '', '', '', 'FENCED', 1, {now}, {now})
                ON CONFLICT (id) DO UPDATE SET state = e.state
            """);
    setAside =
        sql.command(
            """
            UPDATE {p}job SET block_reason = 'RUNNING'
             WHERE id = ANY (ARRAY (
                     SELECT id FROM {p}job
                      WHERE id = ANY (?) AND state = 'RUNNING' AND engine = ?
                      ORDER BY id FOR NO KEY UPDATE SKIP LOCKED))
            RETURNING id
            """);
  }

  /** These jobs run by this claim, beside those entered before. */
  void enter(Connection connection, ClaimRequest request, List<UUID> jobs) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(enter)) {
      statement.setObject(1, request.engine().value());
      statement.setObject(2, request.claimId());
      statement.setArray(3, new IdArray(jobs));
      statement.executeUpdate();
    }
  }

  /** No job runs by these claims any more. */
  void close(EngineId engine, List<UUID> claims) {
    if (!claims.isEmpty()) {
      transactions.statement(
          "Closing claims",
          connection -> close.on(connection).id(engine.value()).ids(claims).update());
    }
  }

  /**
   * These jobs run for long: they leave the indexes that claims walk, until they are put back.
   *
   * @return those that have left; not those that somebody has locked
   */
  Set<UUID> setAside(EngineId engine, List<UUID> jobs) {
    return jobs.isEmpty()
        ? Set.of()
        : transactions.statement(
            "Taking running jobs out of the way of claims",
            connection -> setAside.on(connection).ids(jobs).id(engine.value()).findIds());
  }

  /**
   * Looks through the next pages of the table for running jobs whose claim has no row, and enters
   * them: a server that has lost its last commits, in a crash without a synchronous commit or with
   * a copy that lagged behind, has jobs run that had ended, and whose claim was closed since.
   */
  void mendNext() {
    long from = nextPage.get();
    boolean found =
        transactions.read(
            "Looking for running jobs that no claim names",
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(lost)) {
                statement.setString(1, "(" + from + ",0)");
                statement.setString(2, "(" + (from + PAGES) + ",0)");
                try (ResultSet row = statement.executeQuery()) {
                  row.next();
                  nextPage.set(from + PAGES < row.getLong(1) ? from + PAGES : 0);
                  return row.getBoolean(2);
                }
              }
            });
    if (found) {
      mend();
    }
  }

  /** Of all jobs, since those of one claim may lie anywhere. */
  private void mend() {
    Map<UUID, Integer> entered =
        transactions.transaction(
            "Entering running jobs that no claim names",
            connection -> {
              Map<UUID, Integer> jobs = new TreeMap<>();
              try (PreparedStatement statement = connection.prepareStatement(mend);
                  ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                  jobs.merge(row.getObject(1, UUID.class), row.getInt(2), Integer::sum);
                }
              }
              for (UUID engine : jobs.keySet()) {
                bringBack.on(connection).id(engine).update();
              }
              return jobs;
            });
    log.warn(
        "Jobs were running by no claim, as if the database had lost its last commits; they are"
            + " entered again: jobs by engine={}",
        entered);
  }
}
