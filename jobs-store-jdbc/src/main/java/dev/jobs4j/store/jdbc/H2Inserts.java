package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.NewJob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Row by row: H2 knows no "on conflict do nothing", but a refused row does not end its transaction,
 * and a statement in this JVM costs no round trip.
 */
final class H2Inserts implements RowInserts {

  private final String insertJob;
  private final String insertKey;
  private final Command moreInLine;
  private final Command newLine;
  private final Command line;

  /** A time is an instant, or a delay from now, or none: one of the two parameters is null. */
  H2Inserts(Sql sql) {
    insertJob =
        sql.of(
            """
            INSERT INTO {p}job (id, token, created_at, attempt, crashes, suspect,
                cancel_requested, state, max_attempts, type_version, waits, block_reason,
                priority, queue, type, unique_key, tenant, tags, limits, headers, codec, payload, run_at,
                expires_at, line_key, line_skip)
            VALUES (?, 0, {now}, 0, 0, FALSE, FALSE, 'PENDING',
                ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                CASE WHEN CAST(? AS BOOLEAN) THEN {now+?}
                     ELSE CAST(? AS TIMESTAMP(6) WITH TIME ZONE) END,
                CASE WHEN CAST(? AS BOOLEAN) THEN {now+?}
                     ELSE CAST(? AS TIMESTAMP(6) WITH TIME ZONE) END, ?, ?)
            """);
    insertKey =
        sql.of(
            """
            INSERT INTO {p}key (key_value, job_id, ended, held_until)
            VALUES (?, ?, FALSE, {now+?})
            """);
    moreInLine =
        sql.command(
            """
            UPDATE {p}line SET last_number = last_number + ?, standing = standing + ?
             WHERE line_key = ?
            """);
    newLine = sql.command("INSERT INTO {p}line (last_number, standing, line_key) VALUES (?, ?, ?)");
    line = sql.command("SELECT line_key, last_number, standing FROM {p}line WHERE line_key = ?");
  }

  @Override
  public boolean isOneStatement(int jobs) {
    return jobs == 1;
  }

  @Override
  public Set<UUID> insertJobs(Connection connection, List<NewRow> rows) throws SQLException {
    Set<UUID> inserted = new HashSet<>();
    try (PreparedStatement insert = connection.prepareStatement(insertJob)) {
      for (NewRow row : rows) {
        bind(insert, row);
        if (isNew(insert)) {
          inserted.add(row.job().id().value());
        }
      }
    }
    return inserted;
  }

  @Override
  public Set<String> insertKeys(Connection connection, List<NewKey> keys) throws SQLException {
    Set<String> inserted = new HashSet<>();
    try (PreparedStatement insert = connection.prepareStatement(insertKey)) {
      for (NewKey key : keys) {
        insert.setString(1, key.value());
        insert.setObject(2, key.job());
        insert.setLong(3, key.windowMicros());
        if (isNew(insert)) {
          inserted.add(key.value());
        }
      }
    }
    return inserted;
  }

  @Override
  public List<Lines.State> joinLines(Connection connection, SortedMap<String, Integer> joining)
      throws SQLException {
    List<Lines.State> states = new ArrayList<>();
    for (Map.Entry<String, Integer> wanted : joining.entrySet()) {
      joinLine(connection, wanted.getKey(), wanted.getValue());
      states.addAll(line.on(connection).text(wanted.getKey()).list(Lines.State::of));
    }
    return states;
  }

  /** Somebody may make or drop the line meanwhile. */
  private void joinLine(Connection connection, String key, int count) throws SQLException {
    while (moreInLine.on(connection).number(count).number(count).text(key).update() == 0) {
      try {
        newLine.on(connection).number(count).number(count).text(key).update();
        return;
      } catch (SQLException e) {
        if (!SqlErrors.isDuplicate(e)) {
          throw e;
        }
      }
    }
  }

  private static boolean isNew(PreparedStatement insert) throws SQLException {
    try {
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (SqlErrors.isDuplicate(e)) {
        return false;
      }
      throw e;
    }
  }

  private static void bind(PreparedStatement insert, NewRow row) throws SQLException {
    NewJob job = row.job();
    UniqueKey key = job.uniqueKey();
    insert.setObject(1, job.id().value());
    insert.setObject(2, job.maxAttempts(), Types.INTEGER);
    insert.setInt(3, job.typeVersion());
    insert.setInt(4, row.waits());
    insert.setString(5, row.blockReason());
    insert.setInt(6, job.priority().level());
    insert.setString(7, job.queue().name());
    insert.setString(8, job.type());
    insert.setString(9, key == null ? null : key.value());
    insert.setString(10, job.tenant());
    insert.setString(11, Tags.write(job.tags()));
    insert.setString(12, LimitKeys.write(job.limits()));
    insert.setString(13, Headers.write(job.headers()));
    insert.setString(14, job.payload().codec());
    insert.setBytes(15, job.payload().bytes());
    bind(insert, 16, job.due());
    bind(insert, 19, job.expires());
    insert.setString(22, row.lineKey());
    insert.setObject(23, row.lineSkip(), Types.BOOLEAN);
  }

  private static void bind(PreparedStatement insert, int index, @Nullable Due due)
      throws SQLException {
    insert.setBoolean(index, due instanceof Due.In);
    insert.setLong(index + 1, due instanceof Due.In in ? Micros.of(in.delay()) : 0);
    insert.setObject(
        index + 2,
        due instanceof Due.At at ? Micros.of(at.instant()) : null,
        Types.TIMESTAMP_WITH_TIMEZONE);
  }
}
