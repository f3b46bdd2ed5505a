package dev.jobs4j.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that must not be handed out again by its pool. */
final class BrokenConnection {

  private static final Logger log = LoggerFactory.getLogger(BrokenConnection.class);

  private BrokenConnection() {}

  /**
   * Closes it for good. A pool does not look at an aborted connection that comes back, it looks at
   * errors: so it is used once more.
   */
  static void giveUp(Connection connection) {
    try (connection) {
      connection.abort(Runnable::run);
      connection.createStatement().close();
    } catch (SQLException e) {
      log.debug("A connection was given up", e);
    }
  }
}
