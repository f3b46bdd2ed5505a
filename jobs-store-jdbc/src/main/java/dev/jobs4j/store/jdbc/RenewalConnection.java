package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.StoreException.Certainty;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection that is kept, from an engine's registration on: when handlers hold every
 * connection of the host's pool, the engine must not lose its lease for want of one. Given up at
 * any error and taken anew. Thread-safe; one statement at a time.
 */
final class RenewalConnection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RenewalConnection.class);

  private final DataSource dataSource;
  private final Repeats repeats;

  /** Guarded by {@code this}, as is the connection's use. */
  private @Nullable Connection kept;

  private boolean autoCommitBefore;

  RenewalConnection(DataSource dataSource, Machine machine) {
    this.dataSource = dataSource;
    repeats = new Repeats(machine);
  }

  /** Runs a statement that takes effect by itself. */
  synchronized <T> T statement(String what, Transactions.Work<T> work) {
    return repeats.run(what, error -> false, () -> once(what, work));
  }

  private <T> T once(String what, Transactions.Work<T> work) {
    try {
      return work.run(connection());
    } catch (SQLException e) {
      giveUp();
      throw SqlErrors.toStoreException(
          what, SqlErrors.isConnectionLost(e) ? Certainty.UNKNOWN : Certainty.NOT_DONE, e);
    }
  }

  private Connection connection() throws SQLException {
    Connection connection = kept;
    if (connection == null) {
      connection = dataSource.getConnection();
      kept = connection;
      autoCommitBefore = connection.getAutoCommit();
      if (!autoCommitBefore) {
        connection.setAutoCommit(true);
      }
    }
    return connection;
  }

  /** After an error nobody knows what the connection is good for; its pool must not keep it. */
  private void giveUp() {
    Connection connection = kept;
    kept = null;
    if (connection != null) {
      BrokenConnection.giveUp(connection);
    }
  }

  /** Gives the connection back; the next statement would take another. */
  @Override
  public synchronized void close() {
    Connection connection = kept;
    kept = null;
    if (connection != null) {
      try (connection) {
        if (!autoCommitBefore) {
          connection.setAutoCommit(false);
        }
      } catch (SQLException e) {
        log.debug("The renewals' connection could not be given back as it was", e);
      }
    }
  }
}
