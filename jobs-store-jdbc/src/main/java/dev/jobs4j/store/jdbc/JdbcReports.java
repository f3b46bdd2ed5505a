package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.LogLine;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Progress and log lines, beside the steps in the table of notes. As for a step, the row of the job
 * is locked first and its token compared on the locked row.
 */
final class JdbcReports {

  /** The last line of a log: its number, who wrote it, and its number among his lines. */
  private record Last(long number, long token, int told) {}

  /** A line and its place in the log. */
  private record Placed(long number, Report.Line line) {}

  private final Transactions transactions;
  private final Command lock;
  private final Command lockFree;
  private final Command hasProgress;
  private final Command insertProgress;
  private final Command updateProgress;
  private final Command last;
  private final Command insertLine;
  private final Command old;
  private final Command deleteLine;
  private final Command progress;
  private final Command lines;
  private final Command count;

  JdbcReports(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    String held =
        """
        SELECT id, token, attempt FROM {p}job {use PRIMARY}
         WHERE id = ANY (?) AND state = 'RUNNING'
         ORDER BY id
           FOR UPDATE""";
    lock = sql.command(held);
    lockFree = sql.command(held + " SKIP LOCKED");
    hasProgress =
        sql.command(
            "SELECT job_id FROM {p}note WHERE job_id = ? AND kind = 'PROGRESS' AND name = ''");
    insertProgress =
        sql.command(
            """
            INSERT INTO {p}note (token, noted_at, attempt, done, total, said, job_id, kind, name)
            VALUES (?, {now-?}, ?, ?, ?, ?, ?, 'PROGRESS', '')
            """);
    updateProgress =
        sql.command(
            """
            UPDATE {p}note
               SET token = ?, noted_at = {now-?}, attempt = ?, done = ?, total = ?, said = ?
             WHERE job_id = ? AND kind = 'PROGRESS' AND name = ''
            """);
    last =
        sql.command(
            """
            SELECT name, token, told FROM {p}note
             WHERE job_id = ? AND kind = 'LOG' ORDER BY name DESC LIMIT 1
            """);
    insertLine =
        sql.command(
            """
            INSERT INTO {p}note (job_id, kind, name, token, noted_at, attempt, told, level, said)
            VALUES (?, 'LOG', ?, ?, {now-?}, ?, ?, ?, ?)
            """);
    old =
        sql.command(
            """
            SELECT name FROM {p}note
             WHERE job_id = ? AND kind = 'LOG' ORDER BY name DESC LIMIT 100000000 OFFSET ?
            """);
    deleteLine = sql.command("DELETE FROM {p}note WHERE job_id = ? AND kind = 'LOG' AND name = ?");
    progress =
        sql.command(
            """
            SELECT done, total, said, attempt, noted_at FROM {p}note
             WHERE job_id = ? AND kind = 'PROGRESS' AND name = ''
            """);
    lines =
        sql.command(
            """
            SELECT name, attempt, level, noted_at, said FROM {p}note
             WHERE job_id = ? AND kind = 'LOG' AND name > ? ORDER BY name LIMIT ?
            """);
    count =
        sql.command(
            """
            SELECT COUNT(*) AS kept, MAX(name) AS newest FROM {p}note
             WHERE job_id = ? AND kind = 'LOG'
            """);
  }

  /** See {@link dev.jobs4j.spi.JobNotes#report}. */
  Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
    try {
      return transactions.transaction(
          "Writing reports", connection -> write(connection, reports, keep, patient));
    } catch (StoreException e) {
      boolean aboutOneRow =
          e.outcome() == Certainty.NOT_DONE
              && e.getCause() instanceof SQLException sql
              && SqlErrors.isBadValue(sql);
      if (!aboutOneRow || reports.size() == 1) {
        throw e;
      }
      return oneByOne(reports, keep, patient);
    }
  }

  /** A report that the database does not take holds no other up. */
  private Set<TokenLease> oneByOne(List<Report> reports, int keep, boolean patient) {
    Set<TokenLease> written = new HashSet<>();
    StoreException refused = null;
    for (Report report : reports) {
      try {
        written.addAll(report(List.of(report), keep, patient));
      } catch (StoreException e) {
        refused = e;
      }
    }
    if (written.isEmpty() && refused != null) {
      throw refused;
    }
    return written;
  }

  private Set<TokenLease> write(
      Connection connection, List<Report> reports, int keep, boolean patient) throws SQLException {
    Set<UUID> ids = new HashSet<>();
    reports.forEach(report -> ids.add(report.lease().id().value()));
    Set<TokenLease> written = new HashSet<>();
    if (ids.isEmpty()) {
      return written;
    }
    record Held(TokenLease lease, int attempt) {}

    List<Held> held =
        (patient ? lock : lockFree)
            .on(connection)
            .ids(ids)
            .list(row -> new Held(row.lease(), row.integer("attempt")));
    for (Report report : reports) {
      for (Held job : held) {
        if (job.lease().equals(report.lease())) {
          write(connection, report, job.attempt(), keep);
          written.add(report.lease());
        }
      }
    }
    return written;
  }

  private void write(Connection connection, Report report, int attempt, int keep)
      throws SQLException {
    UUID job = report.lease().id().value();
    Report.Standing standing = report.progress();
    if (standing != null) {
      boolean known = !hasProgress.on(connection).id(job).findIds().isEmpty();
      (known ? updateProgress : insertProgress)
          .on(connection)
          .number(report.lease().token())
          .number(Micros.of(standing.ago()))
          .integer(attempt)
          .number(standing.done())
          .number(standing.total())
          .text(standing.message())
          .id(job)
          .update();
    }
    if (!report.lines().isEmpty()) {
      writeLines(connection, report, attempt, keep);
    }
  }

  /** Nobody else adds to the log of a job whose row is locked. */
  private void writeLines(Connection connection, Report report, int attempt, int keep)
      throws SQLException {
    UUID job = report.lease().id().value();
    long token = report.lease().token();
    Last before =
        last.on(connection)
            .id(job)
            .first(
                row ->
                    new Last(
                        Long.parseLong(row.text("name")), row.number("token"), row.integer("told")))
            .orElse(new Last(0, token, 0));
    long first = before.number() - (before.token() == token ? before.told() : 0);
    List<Placed> fresh = new ArrayList<>();
    for (Report.Line line : report.lines()) {
      long number = first + line.number();
      if (number > before.number()) {
        fresh.add(new Placed(number, line));
      }
    }
    List<Placed> kept = fresh.subList(Math.max(0, fresh.size() - keep), fresh.size());
    insertLine.batch(
        connection,
        kept,
        (call, placed) ->
            call.id(job)
                .text(name(placed.number()))
                .number(token)
                .number(Micros.of(placed.line().ago()))
                .integer(attempt)
                .integer(placed.line().number())
                .text(placed.line().level().name())
                .text(placed.line().text()));
    if (!kept.isEmpty() && kept.get(kept.size() - 1).number() > keep) {
      forget(connection, job, keep);
    }
  }

  /**
   * Deletes what is too old, each by its key: a condition on a range might be looked for in the
   * whole table, with a lock on every row on the way.
   */
  private void forget(Connection connection, UUID job, int keep) throws SQLException {
    List<String> names = old.on(connection).id(job).number(keep).list(row -> row.text("name"));
    deleteLine.batch(connection, names, (call, name) -> call.id(job).text(name));
  }

  /** Sorts by number. */
  private static String name(long number) {
    return "%019d".formatted(number);
  }

  /** See {@link dev.jobs4j.spi.JobRecords#progress}. */
  Optional<Progress> progress(JobId id) {
    return transactions.read(
        "Reading a progress",
        connection ->
            progress
                .on(connection)
                .id(id.value())
                .first(
                    row ->
                        new Progress(
                            row.number("done"),
                            row.number("total"),
                            row.text("said"),
                            row.integer("attempt"),
                            row.instant("noted_at"))));
  }

  /** See {@link dev.jobs4j.spi.JobRecords#log}. */
  LogPage log(JobId id, long after, int limit) {
    return transactions.read(
        "Reading a log",
        connection -> {
          List<LogLine> page =
              lines
                  .on(connection)
                  .id(id.value())
                  .text(name(after))
                  .number(limit)
                  .list(
                      row ->
                          new LogLine(
                              Long.parseLong(row.text("name")),
                              row.integer("attempt"),
                              LogLine.Level.valueOf(row.text("level")),
                              row.instant("noted_at"),
                              row.text("said")));
          long dropped =
              count
                  .on(connection)
                  .id(id.value())
                  .first(
                      row -> {
                        String newest = row.textOrNull("newest");
                        return newest == null ? 0 : Long.parseLong(newest) - row.number("kept");
                      })
                  .orElse(0L);
          return new LogPage(page, dropped);
        });
  }
}
