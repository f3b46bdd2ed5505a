package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.StoreException.Certainty;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work on connections of the store's own: takes one, sets it up, gives it back as it was, runs
 * the whole work again where the database asked for that, and says what is known after an error.
 */
final class Transactions {

  private static final Logger log = LoggerFactory.getLogger(Transactions.class);

  /** Something to do with a connection. May be run more than once, so it must not keep anything. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Says what a transaction has made due, once it is committed. */
  @FunctionalInterface
  interface Teller {
    void tell(Connection connection, MadeDue made) throws SQLException;
  }

  private enum Kind {
    /** Changes nothing, so whatever happens to it was not done. */
    READ,
    /** One writing statement, committed by the server as it ends. */
    STATEMENT,
    /** Several statements and a commit; before the commit is sent nothing was done. */
    TRANSACTION
  }

  private final DataSource dataSource;
  private final Repeats repeats;

  /** What this thread works with, so that whoever makes jobs due finds where to say so. */
  private static final ThreadLocal<@Nullable Scope> current = new ThreadLocal<>();

  private volatile Teller teller = (connection, made) -> {};

  /** Whether connections come with an isolation that is not READ COMMITTED. */
  private final boolean changesIsolation;

  /** Asks one connection for its isolation, once: asking each time is a round trip. */
  Transactions(DataSource dataSource) {
    this(dataSource, Machine.OWN);
  }

  Transactions(DataSource dataSource, Machine machine) {
    this.dataSource = dataSource;
    repeats = new Repeats(machine);
    try (Connection connection = dataSource.getConnection()) {
      changesIsolation =
          connection.getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED;
      if (changesIsolation) {
        log.info(
            "Connections come in another isolation than READ COMMITTED, to set it takes round"
                + " trips each time: the pool could do it once");
      }
      if (!connection.getAutoCommit()) {
        connection.rollback(); // asking may have begun a transaction
      }
    } catch (SQLException e) {
      throw SqlErrors.toStoreException("Opening the store", Certainty.NOT_DONE, e);
    }
  }

  /** Where connections come from. */
  DataSource dataSource() {
    return dataSource;
  }

  /** Says who is to tell; once, before anything is made due. */
  void tellBy(Teller told) {
    teller = told;
  }

  /** Work under way on a connection, and what it has made due so far. */
  private record Scope(Connection connection, MadeDue made) {}

  /** Where to note what the work that runs on this connection makes due. */
  MadeDue madeDue(Connection connection) {
    Scope scope = current.get();
    return scope != null && scope.connection == connection ? scope.made : new MadeDue();
  }

  /** Runs work once in a caller's transaction; it is told nowhere what that makes due. */
  <T> T join(Connection connection, MadeDue made, Work<T> work) throws SQLException {
    return within(new Scope(connection, made), work);
  }

  private <T> T within(Scope scope, Work<T> work) throws SQLException {
    Scope outer = current.get();
    current.set(scope);
    try {
      return work.run(scope.connection);
    } finally {
      if (outer == null) {
        current.remove();
      } else {
        current.set(outer);
      }
    }
  }

  /** Reads, with one statement or several that need not agree. */
  <T> T read(String what, Work<T> work) {
    return run(what, Kind.READ, work);
  }

  /** Runs exactly one writing statement: no round trips for begin and commit. */
  <T> T statement(String what, Work<T> work) {
    return run(what, Kind.STATEMENT, work);
  }

  /** Runs statements that take effect together. */
  <T> T transaction(String what, Work<T> work) {
    return run(what, Kind.TRANSACTION, work);
  }

  /**
   * The same where it makes rows that others may make at the same time: if they did, it runs again
   * and finds them.
   */
  <T> T meeting(String what, Work<T> work) {
    return run(what, Kind.TRANSACTION, SqlErrors::isDuplicate, work);
  }

  private <T> T run(String what, Kind kind, Work<T> work) {
    return run(what, kind, error -> false, work);
  }

  private <T> T run(String what, Kind kind, Predicate<SQLException> isMet, Work<T> work) {
    return repeats.run(what, isMet, () -> runOnce(what, kind, work));
  }

  private <T> T runOnce(String what, Kind kind, Work<T> work) {
    Connection connection;
    try {
      connection = dataSource.getConnection();
    } catch (SQLException e) {
      throw SqlErrors.toStoreException(what, Certainty.NOT_DONE, e);
    }
    Lent lent = new Lent(connection);
    boolean inDoubt = kind == Kind.STATEMENT;
    boolean done = false;
    try {
      lent.setUp(kind != Kind.TRANSACTION);
      T result = within(new Scope(connection, lent.madeDue), work);
      if (kind == Kind.TRANSACTION) {
        inDoubt = true;
        connection.commit();
      }
      done = true;
      tell(lent);
      return result;
    } catch (SQLException e) {
      lent.broken |= SqlErrors.isReadOnly(e);
      Certainty certainty =
          inDoubt && SqlErrors.isConnectionLost(e) ? Certainty.UNKNOWN : Certainty.NOT_DONE;
      throw SqlErrors.toStoreException(what, certainty, e);
    } finally {
      lent.giveBack(!done && kind == Kind.TRANSACTION);
    }
  }

  /** What is committed stays so, whether anybody hears of it or not. */
  private void tell(Lent lent) {
    if (lent.madeDue.isEmpty()) {
      return;
    }
    try {
      if (!lent.connection.getAutoCommit()) {
        lent.connection.setAutoCommit(true);
      }
      teller.tell(lent.connection, lent.madeDue);
    } catch (SQLException e) {
      lent.broken |= SqlErrors.isConnectionLost(e);
      log.debug("Other processes were not told of what is due, they find it when they poll", e);
    }
  }

  /** A connection that goes back as it came. */
  private final class Lent {
    private final Connection connection;
    private final MadeDue madeDue = new MadeDue();
    private boolean broken;
    private @Nullable Boolean autoCommitBefore;
    private int isolationBefore = Connection.TRANSACTION_READ_COMMITTED;

    Lent(Connection connection) {
      this.connection = connection;
    }

    /**
     * Each statement must see what was committed before it, not before its transaction: after the
     * wait for a lock that a child holds on its parent, the child must be seen.
     */
    void setUp(boolean autoCommit) throws SQLException {
      autoCommitBefore = connection.getAutoCommit();
      if (changesIsolation) {
        isolationBefore = connection.getTransactionIsolation();
        if (!autoCommitBefore) {
          connection.rollback(); // asking began a transaction, in which it cannot be changed
        }
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      }
      if (autoCommitBefore != autoCommit) {
        connection.setAutoCommit(autoCommit);
      }
    }

    void giveBack(boolean rollBack) {
      if (broken) {
        BrokenConnection.giveUp(connection);
        return;
      }
      try (connection) {
        if (rollBack) {
          connection.rollback();
        }
        if (changesIsolation && isolationBefore != Connection.TRANSACTION_READ_COMMITTED) {
          connection.setTransactionIsolation(isolationBefore);
        }
        if (autoCommitBefore != null && autoCommitBefore != connection.getAutoCommit()) {
          connection.setAutoCommit(autoCommitBefore);
        }
      } catch (SQLException e) {
        log.debug("A connection could not be given back as it was, its pool decides", e);
      }
    }
  }
}
