package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.NewJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Several rows a statement, each message within what the server takes. */
final class MySqlInserts implements RowInserts {

  /** About a row without its payload and its headers. */
  private static final int ROW = 1024;

  private final MultiRowInsert<NewRow> jobs;
  private final MultiRowInsert<NewKey> keys;
  private final Command joinLine;
  private final Command lines;

  /** {@code room} is what a message takes beside the words of its statement, in bytes. */
  MySqlInserts(Sql sql, long room) {
    jobs =
        new MultiRowInsert<>(
            sql.of(
                """
                INSERT INTO {p}job (id, token, created_at, attempt, crashes, suspect,
                    cancel_requested, state, max_attempts, type_version, waits, block_reason,
                    priority, queue, type, unique_key, tenant, tags, limits, headers, codec, payload,
                    run_at, expires_at, line_key, line_skip)
                VALUES
                """),
            sql.of(
                """
                (?, 0, {now}, 0, 0, FALSE, FALSE, 'PENDING', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                 COALESCE(CAST(? AS DATETIME(6)), {now+?}),
                 COALESCE(CAST(? AS DATETIME(6)), {now+?}), ?, ?)
                """),
            sql.values(),
            MySqlInserts::bind,
            MySqlInserts::bytes,
            room);
    keys =
        new MultiRowInsert<>(
            sql.of("INSERT INTO {p}key (key_value, job_id, ended, held_until) VALUES "),
            sql.of("(?, ?, FALSE, {now+?})"),
            sql.values(),
            (call, key) -> call.text(key.value()).id(key.job()).number(key.windowMicros()),
            key -> ROW,
            room);
    joinLine =
        sql.command(
            """
            INSERT INTO {p}line (line_key, last_number, standing) VALUES (?, ?, ?)
            ON DUPLICATE KEY UPDATE last_number = last_number + VALUES(last_number),
                                    standing = standing + VALUES(standing)
            """);
    lines =
        sql.command(
            """
            SELECT line_key, last_number, standing FROM {p}line {use PRIMARY}
             WHERE line_key = ANY (?) FOR UPDATE
            """);
  }

  /** Of several rows, the one that is there already takes further statements to be found. */
  @Override
  public boolean isOneStatement(int jobs) {
    return jobs == 1;
  }

  @Override
  public Set<UUID> insertJobs(Connection connection, List<NewRow> rows) throws SQLException {
    return jobs.insert(connection, rows).stream()
        .map(row -> row.job().id().value())
        .collect(Collectors.toSet());
  }

  @Override
  public Set<String> insertKeys(Connection connection, List<NewKey> keys) throws SQLException {
    return this.keys.insert(connection, keys).stream()
        .map(NewKey::value)
        .collect(Collectors.toSet());
  }

  /**
   * Such an insert locks a row that is there for the change at once, which no look before could.
   */
  @Override
  public List<Lines.State> joinLines(Connection connection, SortedMap<String, Integer> joining)
      throws SQLException {
    joinLine.batch(
        connection,
        joining.entrySet(),
        (call, line) -> call.text(line.getKey()).number(line.getValue()).number(line.getValue()));
    return lines.on(connection).texts(joining.keySet()).list(Lines.State::of);
  }

  private static void bind(Call call, NewRow row) {
    NewJob job = row.job();
    UniqueKey key = job.uniqueKey();
    call.id(job.id().value())
        .integer(job.maxAttempts())
        .number(job.typeVersion())
        .number(row.waits())
        .text(row.blockReason())
        .number(job.priority().level())
        .text(job.queue().name())
        .text(job.type())
        .text(key == null ? null : key.value())
        .text(job.tenant())
        .text(Tags.write(job.tags()))
        .text(LimitKeys.write(job.limits()))
        .text(Headers.write(job.headers()))
        .text(job.payload().codec())
        .bytes(job.payload().bytes());
    bind(call, job.due());
    bind(call, job.expires());
    call.text(row.lineKey()).flagOrNull(row.lineSkip());
  }

  /** An instant, or a delay from now, or neither. */
  private static void bind(Call call, @Nullable Due due) {
    call.timeOrNull(due instanceof Due.At at ? Micros.of(at.instant()) : null)
        .numberOrNull(due instanceof Due.In in ? Micros.of(in.delay()) : null);
  }

  private static long bytes(NewRow row) {
    String headers = Headers.write(row.job().headers());
    return ROW
        + 2L * row.job().payload().bytes().length
        + (headers == null ? 0 : 2L * headers.length());
  }
}
