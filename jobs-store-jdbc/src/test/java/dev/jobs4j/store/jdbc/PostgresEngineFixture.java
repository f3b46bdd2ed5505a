package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.tck.BackendConnector;
import dev.jobs4j.tck.BackendReport;
import dev.jobs4j.tck.EngineFixture;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Engines, in this JVM and in others, on one set of tables of a PostgreSQL server. */
final class PostgresEngineFixture implements EngineFixture {

  private final PostgresServer server;

  PostgresEngineFixture(PostgresServer server) {
    this.server = server;
  }

  @Override
  public String backend() {
    return server.toString();
  }

  @Override
  public String kind() {
    return BackendReport.REAL;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public BackendConnector connector() {
    return new PostgresConnector();
  }

  @Override
  public List<String> arguments() {
    return List.of(server.url());
  }

  @Override
  public List<DeadLetter> deadLetters(JobQueue queue) {
    String sql =
        "SELECT * FROM %sdead WHERE queue = ? ORDER BY id".formatted(PostgresConnector.PREFIX);
    List<DeadLetter> letters = new ArrayList<>();
    try (Connection connection = server.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, queue.name());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          letters.add(
              new DeadLetter(
                  new JobId(row.getObject("id", UUID.class)),
                  row.getString("type"),
                  queue,
                  DeadReason.valueOf(row.getString("reason")),
                  new Failure(
                      row.getString("error_class"),
                      row.getString("error_message"),
                      row.getString("error_stack")),
                  row.getInt("attempt"),
                  row.getBytes("payload"),
                  row.getString("codec"),
                  row.getObject("finished_at", OffsetDateTime.class).toInstant(),
                  row.getString("origin")));
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return letters;
  }

  @Override
  public void close() {}
}
