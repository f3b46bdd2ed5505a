package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * The rows that say what each claim took, by which the running jobs of an engine are found. The one
 * statement of a claim writes and deletes them itself; this is for claims of several statements,
 * and for jobs that run for long.
 */
final class ClaimBook {

  private final Transactions transactions;
  private final String enter;
  private final Command close;
  private final Command setAside;

  ClaimBook(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    enter =
        sql.of(
            """
            INSERT INTO {p}claim AS c (engine, id, jobs) VALUES (?, ?, ?)
                ON CONFLICT (engine, id) DO UPDATE SET jobs = c.jobs || EXCLUDED.jobs
            """);
    close = sql.command("DELETE FROM {p}claim WHERE engine = ? AND id = ANY (?)");
    setAside =
        sql.command(
            """
            UPDATE {p}job SET block_reason = 'RUNNING'
             WHERE id = ANY (ARRAY (
                     SELECT id FROM {p}job
                      WHERE id = ANY (?) AND state = 'RUNNING' AND engine = ?
                      ORDER BY id FOR NO KEY UPDATE SKIP LOCKED))
            """);
  }

  /** These jobs run by this claim, beside those entered before. */
  void enter(Connection connection, ClaimRequest request, List<UUID> jobs) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(enter)) {
      statement.setObject(1, request.engine().value());
      statement.setObject(2, request.claimId());
      PostgresValues.bind(statement, 3, jobs);
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

  /** These jobs run for long: they leave the indexes that claims walk, until they are put back. */
  void setAside(EngineId engine, List<UUID> jobs) {
    if (!jobs.isEmpty()) {
      transactions.statement(
          "Taking running jobs out of the way of claims",
          connection -> setAside.on(connection).ids(jobs).id(engine.value()).update());
    }
  }
}
