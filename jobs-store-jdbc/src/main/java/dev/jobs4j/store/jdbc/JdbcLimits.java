package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.LimitUse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The limits in tables as users see them. */
final class JdbcLimits implements JobLimits {

  private final Transactions transactions;
  private final Notices notices;
  private final Command change;
  private final Command insert;
  private final Command delete;
  private final Command beginAnew;
  private final Command list;
  private final Command wake;
  private final Command running;
  private final Command waiting;

  JdbcLimits(Transactions transactions, Sql sql, Notices notices) {
    this.notices = notices;
    this.transactions = transactions;
    change =
        sql.command(
            """
            UPDATE {p}limit_rule SET running = ?, starts = ?, per_micros = ?, burst = ?
             WHERE name = ?
            """);
    insert =
        sql.command(
            """
            INSERT INTO {p}limit_rule (running, starts, per_micros, burst, name)
            VALUES (?, ?, ?, ?, ?)
            """);
    delete = sql.command("DELETE FROM {p}limit_rule WHERE name = ?");
    beginAnew = sql.command("UPDATE {p}limit_key SET mark = NULL WHERE name = ?");
    list =
        sql.command(
            "SELECT name, running, starts, per_micros, burst FROM {p}limit_rule ORDER BY name");
    wake =
        sql.command(
            """
            UPDATE {p}limit_wait SET opens_at = {now} WHERE limit_key >= ? AND limit_key < ?
            """);
    running =
        sql.command(
            """
            SELECT COUNT(*) AS jobs
              FROM {p}limit_use u JOIN {p}job j ON j.id = u.job_id
             WHERE u.limit_key = ? AND j.token = u.token AND j.state = 'RUNNING'
            """);
    waiting = sql.command("SELECT COUNT(*) AS jobs FROM {p}job WHERE blocked_on = ?");
  }

  static JobLimit limit(Row row) throws SQLException {
    Integer starts = row.integerOrNull("starts");
    return new JobLimit(
        row.text("name"),
        row.integerOrNull("running"),
        starts == null
            ? null
            : new JobLimit.Rate(
                starts,
                Duration.of(row.number("per_micros"), ChronoUnit.MICROS),
                row.integer("burst")));
  }

  @Override
  public void define(JobLimit limit) {
    if (list().contains(limit)) {
      return;
    }
    transactions.meeting(
        "Defining a limit",
        connection -> {
          if (bind(change.on(connection), limit).update() == 0) {
            bind(insert.on(connection), limit).update();
          }
          beginAnew.on(connection).text(limit.name()).update();
          return wake(connection, limit.name());
        });
  }

  private static Call bind(Call call, JobLimit limit) {
    JobLimit.Rate rate = limit.rate();
    return call.integer(limit.running())
        .integer(rate == null ? null : rate.starts())
        .numberOrNull(rate == null ? null : Micros.of(rate.per()))
        .integer(rate == null ? null : rate.burst())
        .text(limit.name());
  }

  /** Lets claims look at all keys of a limit again: {@code /} ends a name, {@code 0} follows it. */
  private int wake(Connection connection, String name) throws SQLException {
    notices.anywhere(connection);
    return wake.on(connection).text(name + "/").text(name + "0").update();
  }

  @Override
  public boolean remove(String name) {
    return transactions.transaction(
        "Removing a limit",
        connection -> {
          boolean was = delete.on(connection).text(name).update() > 0;
          wake(connection, name);
          return was;
        });
  }

  @Override
  public List<JobLimit> list() {
    return transactions.read(
        "Listing limits", connection -> list.on(connection).list(JdbcLimits::limit));
  }

  @Override
  public LimitUse use(LimitKey key) {
    return transactions.read(
        "Looking at a limit",
        connection ->
            new LimitUse(key, count(running, connection, key), count(waiting, connection, key)));
  }

  private static int count(Command command, Connection connection, LimitKey key)
      throws SQLException {
    return command.on(connection).text(key.toString()).first(row -> row.integer("jobs")).orElse(0);
  }
}
