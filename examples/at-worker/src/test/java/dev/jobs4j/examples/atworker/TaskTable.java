package dev.jobs4j.examples.atworker;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database of a real PostgreSQL, with the table of sql/ddl.sql; one server for all tests. */
final class TaskTable {

  static final Path SQL = Path.of(System.getProperty("at-worker.sql", "sql"));

  private static @Nullable EmbeddedPostgres server;

  private final String name;
  private final DataSource source;

  private TaskTable(String name, DataSource source) {
    this.name = name;
    this.source = source;
  }

  static synchronized EmbeddedPostgres server() {
    try {
      if (server == null) {
        server =
            EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "200")
                .start();
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A database without anything in it. */
  static TaskTable bare(String name) throws SQLException {
    DataSource admin = server().getDatabase("postgres", "postgres");
    new TaskTable("postgres", admin).execute("CREATE DATABASE " + name);
    return new TaskTable(name, server().getDatabase("postgres", name));
  }

  static TaskTable create(String name) throws SQLException, IOException {
    TaskTable table = bare(name);
    table.execute(Files.readString(SQL.resolve("ddl.sql")));
    return table;
  }

  DataSource source() {
    return source;
  }

  /** The DB_* variables of a worker on it. */
  Map<String, String> environment() {
    return Map.of("DB_HOST", "127.0.0.1", "DB_PORT", "" + server().getPort(), "DB_NAME", name);
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Inserts as people do with psql; the id of the row. */
  long insert(String type, String payload, int maxAttempts) throws SQLException {
    return Long.parseLong(
        value(
            "INSERT INTO scheduled_tasks (execute_at, task_type, payload, max_attempts) VALUES"
                + " (NOW(), '%s', '%s', %d) RETURNING id"
                    .formatted(type, payload.replace("'", "''"), maxAttempts)));
  }

  List<Map<String, String>> rows(String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<Map<String, String>> rows = new ArrayList<>();
      while (result.next()) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.put(result.getMetaData().getColumnLabel(i), String.valueOf(result.getString(i)));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  String value(String sql) throws SQLException {
    return Objects.requireNonNull(rows(sql).get(0).values().iterator().next());
  }

  Map<String, String> row(long id) throws SQLException {
    return rows("SELECT * FROM scheduled_tasks WHERE id = " + id).get(0);
  }

  String status(long id) throws SQLException {
    return Objects.requireNonNull(row(id).get("status"));
  }
}
