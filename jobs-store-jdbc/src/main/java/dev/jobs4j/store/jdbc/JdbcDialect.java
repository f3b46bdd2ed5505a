package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.InvalidJobException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What differs between databases: the words of a few expressions, and the shape of the statements
 * that every job passes (insert, claim, settle). Everything off that path is written once, in SQL
 * that all of them know.
 */
interface JdbcDialect {

  /** How it is called in {@link SchemaMigrator#script}. */
  String name();

  /** The folder of its schema files. */
  default String folder() {
    return name();
  }

  /** The store's clock: stable within a statement, so that an index can be bounded by it. */
  String now();

  /** {@code now} plus so many microseconds, at most the end of the year 9999. */
  String later(String now, String micros);

  /** {@code now} minus so many microseconds. */
  String earlier(String now, String micros);

  /** The microseconds from the time in {@code column} to {@code now}. */
  String microsSince(String column, String now);

  /** Locks a row against going; see {@link Sql}. */
  String shareLock();

  /** Locks a row whose key stays; see {@link Sql}. */
  default String rowLock() {
    return "FOR UPDATE";
  }

  /** Makes a read see what is committed by now in any transaction; see {@link Sql}. */
  default String freshRead() {
    return "";
  }

  /** Locks the row of an engine that is to be fenced, or passes over it if others hold it. */
  default String fenceLock() {
    return "FOR UPDATE";
  }

  /** Holds the planner to an index, for those that cannot be trusted to take it. */
  default String useIndex(String index) {
    return "";
  }

  /** Where jobs are found, as j, by the engine that runs them: {@link #holder}. */
  default String held() {
    return "{p}job j {use job_engine}";
  }

  /** The column of {@link #held} with the engine. */
  default String holder() {
    return "j.engine";
  }

  /** Locks the jobs of {@link #held}. */
  default String lockHeld() {
    return "FOR UPDATE";
  }

  /** Forgets by what the jobs of these engines are found, if they are gone; null if by nothing. */
  default @Nullable String forgetHeld() {
    return null;
  }

  /** The type of a row and the version of its payload, as one text. */
  default String typeVersion() {
    return "type || '#' || type_version";
  }

  /** Whether a row waits for nothing, apart for suspects and for all others. */
  default String claimable(boolean suspect) {
    return suspect ? "lane = 1" : "lane = 0";
  }

  /** On whose behalf a row runs, empty for nobody's. */
  default String tenant() {
    return "share";
  }

  /** In what an index has pending jobs apart that wait for nothing: suspects and all others. */
  default String lane() {
    return "lane";
  }

  /** What no index of claims has together: each part is bounded by queue, priority and time. */
  default List<String> claimableParts() {
    return List.of(claimable(false), claimable(true));
  }

  /**
   * What stands in ORDER BY before what is to be sorted by, so that an index is walked: these
   * columns, which are equal in all rows, or nothing where the planner knows that by itself.
   */
  default String along(String columns) {
    return "";
  }

  /** That a tenant comes behind one, so that the index is entered there. */
  default String isBehind() {
    return "share > ?";
  }

  /**
   * Finds some of the tenants behind one, at least the next, with whether each has a job due: one
   * alone where a planner that is asked for several may read all jobs of each.
   */
  default String tenantsBehind(Shares shares) {
    return """
        SELECT t.share, %1$s AS due FROM (
          SELECT %2$s, share FROM {p}job {use %3$s} WHERE %4$s AND %5$s
           ORDER BY %6$sshare LIMIT 1) t
        """
        .formatted(
            shares.due("t", this),
            shares.columns(),
            shares.index(),
            shares.given(),
            isBehind(),
            along(shares.order()));
  }

  /** The type of a column for a time. */
  default String timestampType() {
    return "timestamp with time zone";
  }

  /** What stands behind the columns of a table. */
  default String tableOptions() {
    return "";
  }

  /** The longest payload or result, in bytes, that fits a message to the server. */
  default int maxPayload() {
    return 256 * 1024 * 1024;
  }

  /** How ids, times and lists travel. */
  Values values();

  /**
   * What makes the commit of a transaction as durable as asked, run at its beginning; null where
   * there is nothing to say.
   */
  @Nullable String durability(Durability durability);

  /** Whether a commit can wait for other copies of the database. */
  boolean hasCopies(Connection connection) throws SQLException;

  /** Stop 2: how rows are inserted. */
  RowInserts inserts(Sql sql);

  /** Stop 3: how due jobs are claimed. */
  Claims claims(Transactions transactions, Sql sql);

  /** Stop 6: how outcomes are written. */
  SettleStep settleStep(Sql sql, JdbcStoreOptions.History history);

  /** Whether a server is reached through a network, and may vanish without a word. */
  default boolean isRemote() {
    return false;
  }

  /** The names of the indexes of all tables, in lower case, that statements can use. */
  default Set<String> usableIndexes(Connection connection, JdbcStoreOptions options)
      throws SQLException {
    return Set.of();
  }

  /** Who tells other processes of due jobs; where there is no such thing, they poll. */
  default Notices notices(
      Transactions transactions, Sql sql, JdbcStoreOptions options, Machine machine) {
    return Notices.NONE;
  }

  /**
   * Keeps other nodes from migrating the same tables until the lock is closed; may do nothing if
   * the files may be run by two at once.
   */
  SchemaLock lockSchema(Connection connection, String tablePrefix) throws SQLException;

  /**
   * Looks at tables that the right files have made, where others can change what they rest on.
   *
   * @throws InvalidJobException if jobs cannot be kept in them; says how to mend it
   */
  default void checkTables(Connection connection, JdbcStoreOptions options) throws SQLException {}

  /**
   * The dialect of the database behind {@code connection}.
   *
   * @throws InvalidJobException if it is not supported; names those that are
   */
  static JdbcDialect of(Connection connection) throws SQLException {
    DatabaseMetaData database = connection.getMetaData();
    String product = database.getDatabaseProductName();
    return switch (product) {
      case "PostgreSQL" -> new PostgresDialect();
      case "H2" -> new H2Dialect();
      case "MariaDB", "MySQL" -> new MySqlDialect(MySqlServer.of(connection));
      default ->
          throw new InvalidJobException(
              "The data source leads to "
                  + product
                  + " "
                  + database.getDatabaseProductVersion()
                  + ", supported are PostgreSQL, MariaDB, MySQL and H2");
    };
  }

  /**
   * The dialect called {@code name}.
   *
   * @throws InvalidJobException if there is none; names those that are
   */
  static JdbcDialect named(String name) {
    return switch (name) {
      case PostgresDialect.NAME -> new PostgresDialect();
      case H2Dialect.NAME -> new H2Dialect();
      case "mariadb" -> new MySqlDialect(MySqlProduct.MARIADB);
      case "mysql" -> new MySqlDialect(MySqlProduct.MYSQL);
      default ->
          throw new InvalidJobException(
              "No schema for database \""
                  + name
                  + "\", there is one for postgresql, mariadb, mysql and h2");
    };
  }
}
