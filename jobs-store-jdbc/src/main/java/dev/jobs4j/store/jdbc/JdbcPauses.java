package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pauses;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands still: a small table that each claim reads. */
final class JdbcPauses implements Pauses {

  private final Transactions transactions;
  private final Notices notices;
  private final Command replace;
  private final Command insert;
  private final Command drop;
  private final Command list;
  private final Command prune;

  JdbcPauses(Transactions transactions, Sql sql, Notices notices) {
    this.notices = notices;
    this.transactions = transactions;
    // MySQL sets column after column, so paused_at must come before what it looks at
    replace =
        sql.command(
            """
            UPDATE {p}pause
               SET paused_at = CASE WHEN paused_until <= {now} THEN {now} ELSE paused_at END,
                   paused_by = ?, why = ?, paused_until = ?
             WHERE scope = ? AND name = ?
            """);
    insert =
        sql.command(
            """
            INSERT INTO {p}pause (scope, name, paused_by, why, paused_at, paused_until)
            VALUES (?, ?, ?, ?, {now}, ?)
            """);
    drop =
        sql.command(
            """
            DELETE FROM {p}pause
             WHERE scope = ? AND name = ? AND (paused_until IS NULL OR paused_until > {now})
            """);
    list =
        sql.command(
            """
            SELECT scope, name, paused_by, why, paused_at, paused_until FROM {p}pause
             WHERE paused_until IS NULL OR paused_until > {now}
            """);
    prune = sql.command("DELETE FROM {p}pause WHERE paused_until <= {now}");
  }

  @Override
  public void pause(Pause.Target target, Operator by, @Nullable Instant until) {
    transactions.meeting(
        "Pausing",
        connection -> {
          int replaced =
              replace
                  .on(connection)
                  .text(by.name())
                  .text(by.why())
                  .instantOrNull(until)
                  .text(target.scope().name())
                  .text(target.name())
                  .update();
          return replaced > 0 ? replaced : insert(connection, target, by, until);
        });
  }

  private int insert(
      Connection connection, Pause.Target target, Operator by, @Nullable Instant until)
      throws SQLException {
    return insert
        .on(connection)
        .text(target.scope().name())
        .text(target.name())
        .text(by.name())
        .text(by.why())
        .instantOrNull(until)
        .update();
  }

  @Override
  public boolean resume(Pause.Target target) {
    return transactions.transaction(
        "Resuming",
        connection -> {
          boolean was =
              drop.on(connection).text(target.scope().name()).text(target.name()).update() > 0;
          if (was) {
            notices.anywhere(connection);
          }
          return was;
        });
  }

  @Override
  public List<Pause> list() {
    return transactions.read("Listing pauses", this::list);
  }

  List<Pause> list(Connection connection) throws SQLException {
    return list.on(connection).list(JdbcPauses::pause).stream().sorted(Pause.BY_TARGET).toList();
  }

  private static Pause pause(Row row) throws SQLException {
    return new Pause(
        new Pause.Target(Pause.Scope.valueOf(row.text("scope")), row.text("name")),
        new Operator(row.text("paused_by"), row.text("why")),
        row.instant("paused_at"),
        row.instantOrNull("paused_until"));
  }

  /** Deletes pauses that are over; there are few. */
  int prune() {
    return transactions.transaction("Pruning pauses", connection -> prune.on(connection).update());
  }
}
