package dev.jobs4j.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Hears every notice about some tables, beside the library. */
final class Ear implements AutoCloseable {

  private final Connection connection;
  private final String channel;

  Ear(PostgresServer server, JdbcStoreOptions options) throws SQLException {
    connection = server.connect();
    PostgresDialect dialect = new PostgresDialect();
    channel = PostgresDialect.channel(connection, Sql.of(options, dialect, dialect.now()));
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN \"" + channel + "\"");
    }
  }

  /**
   * What was said since the last time, by the words behind the sender. Notices come in the order of
   * their commits, so when one of our own has come, all before it have.
   */
  List<String> heard() throws SQLException {
    String mark = UUID.randomUUID().toString();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_notify('" + channel + "', '" + mark + "')");
    }
    List<String> all = new ArrayList<>();
    while (!all.contains(mark)) {
      for (PGNotification one : connection.unwrap(PGConnection.class).getNotifications(10_000)) {
        all.add(one.getParameter());
      }
    }
    return all.stream()
        .filter(words -> !words.equals(mark) && !words.startsWith("?"))
        .map(
            words ->
                String.join(
                    " ", Arrays.asList(words.split("\n")).subList(1, words.split("\n").length)))
        .toList();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
