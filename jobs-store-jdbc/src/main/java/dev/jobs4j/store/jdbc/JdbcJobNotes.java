package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What running attempts write down, in a table of their own. A write locks the row of its job first
 * and compares the token on the locked row: whoever takes the job back waits for the write, or the
 * write finds a higher token.
 */
final class JdbcJobNotes implements JobNotes {

  private final Transactions transactions;
  private final JdbcReports reports;
  private final Command lock;
  private final Command step;
  private final Command isKept;
  private final Command keep;

  JdbcJobNotes(Transactions transactions, Sql sql, JdbcReports reports) {
    this.transactions = transactions;
    this.reports = reports;
    lock = sql.command("SELECT id, token, state FROM {p}job WHERE id = ? FOR UPDATE");
    step =
        sql.command(
            "SELECT codec, content FROM {p}note WHERE job_id = ? AND kind = 'STEP' AND name = ?");
    isKept =
        sql.command("SELECT job_id FROM {p}note WHERE job_id = ? AND kind = 'STEP' AND name = ?");
    keep =
        sql.command(
            """
            INSERT INTO {p}note (job_id, kind, name, token, noted_at, codec, content)
            VALUES (?, 'STEP', ?, ?, {now}, ?, ?)
            """);
  }

  @Override
  public Optional<KeptStep> step(JobId job, String name) {
    return transactions.read(
        "Reading a step",
        connection ->
            step.on(connection)
                .id(job.value())
                .text(name)
                .first(
                    row -> {
                      String codec = row.textOrNull("codec");
                      return new KeptStep(
                          name, codec == null ? null : new Payload(codec, row.bytes("content")));
                    }));
  }

  @Override
  public boolean keep(TokenLease lease, KeptStep done) {
    try {
      return transactions.transaction(
          "Keeping a step",
          connection -> {
            boolean held = holds(connection, lease);
            if (held) {
              insert(connection, lease, done);
            }
            return held;
          });
    } catch (StoreException e) {
      throw e.getCause() instanceof SQLException sql && SqlErrors.isBadValue(sql)
          ? new InvalidJobException(
              "Step \"" + done.name() + "\" does not fit its columns: " + sql.getMessage(), e)
          : e;
    }
  }

  @Override
  public Set<TokenLease> report(List<Report> said, int keep, boolean patient) {
    return reports.report(said, keep, patient);
  }

  private boolean holds(Connection connection, TokenLease lease) throws SQLException {
    return lock.on(connection)
        .id(lease.id().value())
        .first(row -> row.lease().equals(lease) && row.text("state").equals("RUNNING"))
        .orElse(false);
  }

  /** Nobody else adds to the steps of a job whose row is locked. */
  private void insert(Connection connection, TokenLease lease, KeptStep done) throws SQLException {
    UUID job = lease.id().value();
    if (isKept.on(connection).id(job).text(done.name()).findIds().isEmpty()) {
      Payload value = done.value();
      keep.on(connection)
          .id(job)
          .text(done.name())
          .number(lease.token())
          .text(value == null ? null : value.codec())
          .bytes(value == null ? null : value.bytes())
          .update();
    }
  }
}
