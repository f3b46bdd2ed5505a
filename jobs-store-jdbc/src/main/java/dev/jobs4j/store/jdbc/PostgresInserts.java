package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.NewJob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Many rows in one statement, as one array a column. One alone comes as plain values: twenty arrays
 * of one element each cost the server seven times the insert itself.
 */
final class PostgresInserts implements RowInserts {

  /** A column is one array for many rows, or one value for a single one. */
  private static final String INSERT =
      """
      INSERT INTO {p}job (id, token, run_at, created_at, expires_at, attempt, max_attempts,
          crashes, type_version, waits, priority, suspect, cancel_requested, state,
          block_reason, queue, type, unique_key, tenant, tags, limits, headers, codec,
          payload, line_key, line_skip)
      SELECT id, 0,
             COALESCE(due_at::timestamptz,
                      LEAST({now} + {due_in} * interval '1 microsecond',
                            timestamptz '9999-12-31 23:59:59.999999+00')),
             {now},
             CASE WHEN expires_in IS NULL THEN expires_at::timestamptz
                  ELSE LEAST({now} + expires_in * interval '1 microsecond',
                             timestamptz '9999-12-31 23:59:59.999999+00') END,
             0, max_attempts, 0, {type_version}, {waits}, {priority}, false, false,
             'PENDING', block_reason,
             {queue}, {type}, unique_key, tenant, tags, limits, headers, {codec}, payload,
             line_key, line_skip
        FROM %s
      %s
      RETURNING id
      """;

  /** For ids that may be there already; to look out for that costs a third of the insert. */
  private static final String KNOWN_STAY = "ON CONFLICT (id) DO NOTHING";

  private static final String COLUMNS =
      """
      (id, due_at, due_in, expires_at, expires_in, max_attempts, type_version, waits, priority,
       queue, type, unique_key, tenant, tags, limits, headers, codec, payload, block_reason,
       line_key, line_skip)
      """;

  /** Columns that are mostly the same in all rows; what an array of one leaves out is the first. */
  private static final Pattern SAME =
      Pattern.compile("\\{(due_in|type_version|waits|priority|queue|type|codec)}");

  private static final int COLUMN_COUNT = 21;

  /** For one row and for many: where none may be there already, and where some may. */
  private record Insert(String fresh, String doubtful) {
    String of(List<NewRow> rows) {
      return rows.stream().anyMatch(row -> row.job().mayExist()) ? doubtful : fresh;
    }
  }

  private final Insert insertJobs;
  private final Insert insertJob;
  private final String insertKeys;
  private final String joinLines;

  /** An instant travels as text: as a number it would lose microseconds beyond the year 2255. */
  PostgresInserts(Sql sql) {
    insertJobs = new Insert(sql.of(many("")), sql.of(many(KNOWN_STAY)));
    insertJob = new Insert(sql.of(one("")), sql.of(one(KNOWN_STAY)));
    insertKeys =
        sql.of(
            """
            INSERT INTO {p}key (key_value, job_id, ended, held_until)
            SELECT key_value, job_id, false, {now} + held * interval '1 microsecond'
              FROM unnest(?::text[], ?::uuid[], ?::bigint[]) AS new_key (key_value, job_id, held)
             ORDER BY key_value
            ON CONFLICT (key_value) DO NOTHING
            RETURNING key_value
            """);
    joinLines =
        sql.of(
            """
            INSERT INTO {p}line AS l (line_key, last_number, standing)
            SELECT line_key, joining, joining
              FROM unnest(?::text[], ?::bigint[]) AS new_line (line_key, joining)
             ORDER BY line_key COLLATE "C"
            ON CONFLICT (line_key) DO UPDATE
               SET last_number = l.last_number + excluded.last_number,
                   standing = l.standing + excluded.standing
            RETURNING line_key, last_number, standing
            """);
  }

  private static String many(String conflict) {
    return """
        WITH new_job AS MATERIALIZED (
          SELECT * FROM
            unnest(?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::int[],
                   ?::int[], ?::int[], ?::int[], ?::text[], ?::text[],
                   ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                   ?::bytea[], ?::text[], ?::text[], ?::bool[]) AS new_job %s
        ), stored AS (
          %s
        )
        SELECT counted.jobs, id
          FROM (SELECT count(*) AS jobs FROM stored) AS counted
          LEFT JOIN stored ON counted.jobs <> ?
        """
        .formatted(
            COLUMNS,
            SAME.matcher(INSERT)
                .replaceAll("COALESCE(new_job.$1, same.$1)")
                .formatted(
                    "new_job, (SELECT due_in, type_version, waits, priority, queue, type, codec"
                        + " FROM new_job LIMIT 1) AS same",
                    conflict));
  }

  private static String one(String conflict) {
    return SAME.matcher(INSERT)
        .replaceAll("$1")
        .formatted(
            """
            (VALUES (?::uuid, ?::text, ?::bigint, ?::text, ?::bigint, ?::int,
                     ?::int, ?::int, ?::int, ?::text, ?::text,
                     ?::text, ?::text, ?::text, ?::text, ?::text, ?::text,
                     ?::bytea, ?::text, ?::text, ?::bool)) AS new_job
            """
                + COLUMNS,
            conflict);
  }

  @Override
  public boolean isOneStatement(int jobs) {
    return true;
  }

  @Override
  public Set<UUID> insertJobs(Connection connection, List<NewRow> rows) throws SQLException {
    return rows.size() == 1 ? insertJob(connection, rows.get(0)) : insertAll(connection, rows);
  }

  private Set<UUID> insertJob(Connection connection, NewRow row) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(insertJob.of(List.of(row)))) {
      addColumns(new PlainColumns<>(insert, row));
      try (ResultSet stored = insert.executeQuery()) {
        return stored.next() ? Set.of(row.job().id().value()) : Set.of();
      }
    }
  }

  /** The ids come back only if some of them are not those of rows that were stored. */
  private Set<UUID> insertAll(Connection connection, List<NewRow> rows) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(insertJobs.of(rows))) {
      addColumns(new ArrayColumns<>(insert, rows));
      insert.setInt(COLUMN_COUNT + 1, rows.size());
      Set<UUID> inserted = new HashSet<>();
      try (ResultSet row = insert.executeQuery()) {
        while (row.next()) {
          if (row.getInt("jobs") == rows.size()) {
            rows.forEach(stored -> inserted.add(stored.job().id().value()));
          } else if (row.getObject("id") != null) {
            inserted.add(row.getObject("id", UUID.class));
          }
        }
      }
      return inserted;
    }
  }

  private static void addColumns(Columns<NewRow> columns) throws SQLException {
    columns.add("uuid", row -> row.job().id().value());
    columns.add("text", row -> instant(row.job().due()));
    columns.addSame("int8", row -> micros(row.job().due())); // of those without a time
    columns.add("text", row -> instant(row.job().expires()));
    columns.add("int8", row -> micros(row.job().expires()));
    columns.add("int4", row -> row.job().maxAttempts());
    columns.addSame("int4", row -> row.job().typeVersion());
    columns.addSame("int4", NewRow::waits);
    columns.addSame("int4", row -> row.job().priority().level());
    columns.addSame("text", row -> row.job().queue().name());
    columns.addSame("text", row -> row.job().type());
    columns.add("text", row -> key(row.job()));
    columns.add("text", row -> row.job().tenant());
    columns.add("text", row -> Tags.write(row.job().tags()));
    columns.add("text", row -> LimitKeys.write(row.job().limits()));
    columns.add("text", row -> Headers.write(row.job().headers()));
    columns.addSame("text", row -> row.job().payload().codec());
    columns.add("bytea", row -> row.job().payload().bytes());
    columns.add("text", NewRow::blockReason);
    columns.add("text", NewRow::lineKey);
    columns.add("bool", NewRow::lineSkip);
  }

  @Override
  public Set<String> insertKeys(Connection connection, List<NewKey> keys) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(insertKeys)) {
      ArrayColumns<NewKey> columns = new ArrayColumns<>(insert, keys);
      columns.add("text", NewKey::value);
      columns.add("uuid", NewKey::job);
      columns.add("int8", NewKey::windowMicros);
      Set<String> inserted = new HashSet<>();
      try (ResultSet row = insert.executeQuery()) {
        while (row.next()) {
          inserted.add(row.getString(1));
        }
      }
      return inserted;
    }
  }

  @Override
  public List<Lines.State> joinLines(Connection connection, SortedMap<String, Integer> joining)
      throws SQLException {
    try (PreparedStatement join = connection.prepareStatement(joinLines)) {
      ArrayColumns<Map.Entry<String, Integer>> columns =
          new ArrayColumns<>(join, List.copyOf(joining.entrySet()));
      columns.add("text", Map.Entry::getKey);
      columns.add("int8", line -> line.getValue().longValue());
      List<Lines.State> states = new ArrayList<>();
      try (ResultSet row = join.executeQuery()) {
        while (row.next()) {
          states.add(new Lines.State(row.getString(1), row.getLong(2), row.getLong(3)));
        }
      }
      return states;
    }
  }

  private static @Nullable String instant(@Nullable Due due) {
    return due instanceof Due.At at ? Micros.of(at.instant()).toInstant().toString() : null;
  }

  private static @Nullable Long micros(@Nullable Due due) {
    return due instanceof Due.In in ? Micros.of(in.delay()) : null;
  }

  private static @Nullable String key(NewJob job) {
    UniqueKey key = job.uniqueKey();
    return key == null ? null : key.value();
  }
}
