package dev.jobs4j.examples.benchmarks.contestant;

import dev.jobs4j.examples.benchmarks.database.Area;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wakes the threads of {@link PlainLoop} when another process has said NOTIFY. */
final class PlainListener implements AutoCloseable {

  static final String CHANNEL = "plain_job";

  private static final Logger log = LoggerFactory.getLogger(PlainListener.class);
  private static final int WAIT_MILLIS = 200;

  private final Connection connection;
  private final PlainLoop.Signal wake;
  private final Thread thread = new Thread(this::run, "plain-listener");
  private volatile boolean stopping;

  private PlainListener(Connection connection, PlainLoop.Signal wake) {
    this.connection = connection;
    this.wake = wake;
  }

  static PlainListener start(Area area, PlainLoop.Signal wake) throws SQLException {
    Connection connection = area.pool().getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
    }
    PlainListener listener = new PlainListener(connection, wake);
    listener.thread.start();
    return listener;
  }

  private void run() {
    try {
      PGConnection postgres = connection.unwrap(PGConnection.class);
      while (!stopping) {
        if (postgres.getNotifications(WAIT_MILLIS).length > 0) {
          wake.give();
        }
      }
    } catch (SQLException e) {
      log.error("Listening has ended, the loops go on polling", e);
    }
  }

  @Override
  public void close() throws Exception {
    stopping = true;
    thread.join();
    try (Connection last = connection;
        Statement statement = last.createStatement()) {
      statement.execute("UNLISTEN *");
    }
  }
}
