package dev.jobs4j.examples.chaos;

import dev.jobs4j.api.JobState;
import dev.jobs4j.examples.chaos.check.Effect;
import dev.jobs4j.examples.chaos.check.Row;
import dev.jobs4j.examples.chaos.cluster.Server;
import dev.jobs4j.examples.chaos.work.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What the database has in the end, read past the library. */
final class Tables {

  private static final String JOBS =
      """
      SELECT id, tags, state, token, attempt, NULL AS result FROM jobs_job
       UNION ALL
      SELECT id, tags, state, token, attempt, convert_from(result, 'UTF8') FROM jobs_history
       UNION ALL
      SELECT id, tags, 'DEAD', token, attempt, NULL FROM jobs_dead
      """;

  private final Server server;

  Tables(Server server) {
    this.server = server;
  }

  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> read(String sql, Reader<T> reader) throws SQLException {
    List<T> read = new ArrayList<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        read.add(reader.read(rows));
      }
    }
    return read;
  }

  List<Row> jobs() throws SQLException {
    return read(
        JOBS,
        row -> {
          String result = row.getString("result");
          return new Row(
              row.getString("tags").strip().substring(Kind.NAME_TAG.length()),
              row.getString("id"),
              JobState.valueOf(row.getString("state")),
              row.getLong("token"),
              row.getInt("attempt"),
              result == null ? null : result.replace("\"", ""));
        });
  }

  List<Effect> effects() throws SQLException {
    return read(
        "SELECT name, token FROM chaos_effect",
        row -> new Effect(row.getString("name"), row.getLong("token")));
  }
}
