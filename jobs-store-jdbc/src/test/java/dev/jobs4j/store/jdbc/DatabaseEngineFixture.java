package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.tck.BackendConnector;
import dev.jobs4j.tck.BackendReport;
import dev.jobs4j.tck.EngineFixture;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.h2.engine.Constants;

/** Engines, in this JVM and in others, on one set of tables of a server. */
final class DatabaseEngineFixture implements EngineFixture {

  private final String backend;
  private final String kind;
  private final String url;
  private final Values values;

  private DatabaseEngineFixture(String backend, String kind, String url, Values values) {
    this.backend = backend;
    this.kind = kind;
    this.url = url;
    this.values = values;
  }

  static DatabaseEngineFixture postgres(PostgresServer server) {
    return new DatabaseEngineFixture(
        server.toString(), BackendReport.REAL, server.url(), new ArrayValues());
  }

  static DatabaseEngineFixture mySql(MySqlDriver driver) {
    return new DatabaseEngineFixture(
        driver.backend(), BackendReport.REAL, driver.url(), new MySqlValues(Integer.MAX_VALUE));
  }

  /** In this JVM alone. */
  static DatabaseEngineFixture h2(String url) {
    return new DatabaseEngineFixture(
        "H2 " + Constants.VERSION + " memory", BackendReport.EMBEDDED, url, new ArrayValues());
  }

  @Override
  public String backend() {
    return backend;
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.complementOf(EnumSet.of(Capability.MAJORITY)); // there are no copies
  }

  @Override
  public BackendConnector connector() {
    return new DatabaseConnector();
  }

  @Override
  public List<String> arguments() {
    return List.of(url);
  }

  @Override
  public List<DeadLetter> deadLetters(JobQueue queue) {
    String sql =
        "SELECT * FROM %sdead WHERE queue = ? ORDER BY id".formatted(DatabaseConnector.PREFIX);
    List<DeadLetter> letters = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url)) {
      new Command(sql, values)
          .on(connection)
          .text(queue.name())
          .each(
              row ->
                  letters.add(
                      new DeadLetter(
                          row.jobId(),
                          row.text("type"),
                          queue,
                          DeadReason.valueOf(row.text("reason")),
                          new Failure(
                              row.text("error_class"),
                              row.text("error_message"),
                              row.text("error_stack")),
                          row.integer("attempt"),
                          row.bytes("payload"),
                          row.text("codec"),
                          row.instant("finished_at"),
                          row.textOrNull("origin"))));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return letters;
  }

  @Override
  public boolean outlivesWorkers() {
    return !kind.equals(BackendReport.EMBEDDED);
  }

  @Override
  public void close() {}
}
