package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads from a driver's error what is known about the work: by SQLSTATE, and by the server's number
 * where MariaDB and MySQL have the same state for everything. No other database has such numbers.
 */
final class SqlErrors {

  /** The server ended the session: administrator, crash, starting up. */
  private static final Set<String> SESSION_ENDED = Set.of("57P01", "57P02", "57P03");

  /** H2: connection broken, database closed while in use, object closed. */
  private static final Set<String> H2_CLOSED = Set.of("90067", "90098", "90121", "90007");

  /** Killed by an administrator, left alone for too long. */
  private static final Set<Integer> MYSQL_SESSION_ENDED = Set.of(1927, 4031);

  /** Deadlock, lock timeout (which takes back the statement alone), row changed since read. */
  private static final Set<Integer> MYSQL_TRY_AGAIN = Set.of(1213, 1205, 1020);

  /** Told to be read-only by an option, by the engine, by the transaction. */
  private static final Set<Integer> MYSQL_READ_ONLY = Set.of(1290, 1836, 1792);

  private static final int MYSQL_DUPLICATE = 1062;
  private static final int MYSQL_PACKET_TOO_BIG = 1153;
  private static final int MYSQL_NO_DATABASE = 1049;

  /** A check that a row does not pass: MySQL, MariaDB. */
  private static final Set<Integer> MYSQL_CHECK = Set.of(3819, 4025);

  /** Characters that the column does not know. */
  private static final int MYSQL_BAD_TEXT = 1366;

  /** Serialization, deadlock, lock not available; H2: lock timeout, concurrent update. */
  private static final Set<String> TRY_AGAIN = Set.of("40001", "40P01", "55P03", "HYT00", "90131");

  private SqlErrors() {}

  /** Whether the connection broke, so that nobody knows what became of the last thing sent. */
  static boolean isConnectionLost(SQLException error) {
    return !isTooBig(error)
        && any(
            error,
            e ->
                e instanceof SQLException sql
                    ? state(sql).startsWith("08")
                        || SESSION_ENDED.contains(state(sql))
                        || H2_CLOSED.contains(state(sql))
                        || MYSQL_SESSION_ENDED.contains(sql.getErrorCode())
                    : e instanceof IOException);
  }

  /** Whether the transaction was rolled back for the sake of another and may be run again. */
  static boolean isTransient(SQLException error) {
    return has(
        error, e -> TRY_AGAIN.contains(state(e)) || MYSQL_TRY_AGAIN.contains(e.getErrorCode()));
  }

  /** Whether this connection only reads: a node that was demoted. It must not go back to a pool. */
  static boolean isReadOnly(SQLException error) {
    return has(
        error,
        e ->
            state(e).equals("25006")
                || state(e).equals("90097")
                || MYSQL_READ_ONLY.contains(e.getErrorCode()));
  }

  /** Whether a row with this key is there already. */
  static boolean isDuplicate(SQLException error) {
    return has(error, e -> state(e).equals("23505") || e.getErrorCode() == MYSQL_DUPLICATE);
  }

  /** Whether a row would break a constraint. */
  static boolean isConstraint(SQLException error) {
    return has(error, e -> state(e).startsWith("23") || MYSQL_CHECK.contains(e.getErrorCode()));
  }

  /** Whether a value does not fit its column, or the message to the server. */
  static boolean isBadValue(SQLException error) {
    return isTooBig(error)
        || has(error, e -> state(e).startsWith("22") || e.getErrorCode() == MYSQL_BAD_TEXT);
  }

  /** Drivers refuse to send it, each by an error of its own; all of them name the variable. */
  private static boolean isTooBig(SQLException error) {
    return any(
        error,
        e ->
            (e instanceof SQLException sql && sql.getErrorCode() == MYSQL_PACKET_TOO_BIG)
                || String.valueOf(e.getMessage()).contains("max_allowed_packet"));
  }

  /** Whether a table is missing. */
  static boolean isMissingTable(SQLException error) {
    return has(
        error,
        e ->
            state(e).equals("42P01") // PostgreSQL: table
                || state(e).equals("3F000") // PostgreSQL: schema
                || state(e).startsWith("42S0") // H2: table
                || state(e).equals("90079") // H2: schema
                || e.getErrorCode() == MYSQL_NO_DATABASE);
  }

  /** What to throw for an error of which the certainty is known. */
  static StoreException toStoreException(String what, Certainty certainty, SQLException error) {
    String known =
        certainty == Certainty.UNKNOWN
            ? "its outcome is unknown"
            : isReadOnly(error)
                ? "the database is read-only, nothing was done and the connection is given up"
                : "nothing was done";
    return new StoreException(
        what + " failed, " + known + ": sqlState=" + state(error) + ": " + error.getMessage(),
        certainty,
        error);
  }

  private static String state(SQLException error) {
    String state = error.getSQLState();
    return state == null ? "" : state;
  }

  private static boolean has(SQLException error, Predicate<SQLException> test) {
    return any(error, e -> e instanceof SQLException sql && test.test(sql));
  }

  /** Looks through causes and, for a batch, the chained errors behind its own. */
  private static boolean any(SQLException error, Predicate<Throwable> test) {
    for (SQLException e = error; e != null; e = e.getNextException()) {
      int depth = 0;
      for (Throwable t = e; t != null && depth < 10; t = t.getCause()) {
        if (test.test(t)) {
          return true;
        }
        depth++;
      }
    }
    return false;
  }
}
