package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What operators did, written in the transaction in which they did it. */
final class Audit {

  private final Transactions transactions;
  private final Command insert;
  private final Command all;
  private final Command ofJob;
  private final Command first;
  private final Command prune;

  Audit(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    insert =
        sql.command(
            """
            INSERT INTO {p}audit (action, job_id, done_by, why, done_at, what)
            VALUES (?, ?, ?, ?, {now}, ?)
            """);
    all =
        sql.command(
            """
            SELECT seq, action, job_id, done_by, why, done_at, what
              FROM {p}audit WHERE seq < ? ORDER BY seq DESC LIMIT ?
            """);
    ofJob =
        sql.command(
            """
            SELECT seq, action, job_id, done_by, why, done_at, what
              FROM {p}audit WHERE job_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?
            """);
    first = sql.command("SELECT seq FROM {p}audit ORDER BY seq LIMIT 1");
    prune = sql.command("DELETE FROM {p}audit WHERE seq < ? AND done_at < {now-?}");
  }

  /** Notes one action; what it changed is given by job. */
  void write(
      Connection connection, AuditEntry.Action action, Operator operator, Map<UUID, String> changes)
      throws SQLException {
    insert.batch(
        connection,
        changes.entrySet(),
        (call, change) ->
            call.text(action.name())
                .id(change.getKey())
                .text(operator.name())
                .text(operator.why())
                .text(change.getValue()));
  }

  /** See {@link dev.jobs4j.spi.DeadLetterRecords#audit}. */
  List<AuditEntry> read(@Nullable JobId job, long before, int limit) {
    return transactions.read(
        "Reading the audit",
        connection -> {
          Call call = job == null ? all.on(connection) : ofJob.on(connection).id(job.value());
          return call.number(before).number(limit).list(Audit::entry);
        });
  }

  /**
   * Deletes entries older than so many microseconds, of the first {@code limit}, in their order.
   */
  int prune(long micros, int limit) {
    return transactions.transaction(
        "Pruning the audit",
        connection -> {
          Long from = first.on(connection).first(row -> row.number("seq")).orElse(null);
          return from == null
              ? 0
              : prune.on(connection).number(from + limit).number(micros).update();
        });
  }

  private static AuditEntry entry(Row row) throws SQLException {
    return new AuditEntry(
        row.number("seq"),
        AuditEntry.Action.valueOf(row.text("action")),
        new JobId(row.id("job_id")),
        new Operator(row.text("done_by"), row.text("why")),
        row.instant("done_at"),
        row.text("what"));
  }
}
