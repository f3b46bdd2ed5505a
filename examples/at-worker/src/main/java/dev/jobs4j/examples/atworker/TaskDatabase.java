package dev.jobs4j.examples.atworker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections to the database, opened only if it can be worked with. */
final class TaskDatabase {

  private static final Logger log = LoggerFactory.getLogger(TaskDatabase.class);

  /** SKIP LOCKED came with 9.5, the library asks for more. */
  private static final int OLDEST = 14;

  private static final int POOLED_HANDLERS = 16;

  /** For the feeder, the cleaner, the library's loops and the lease of its engine. */
  private static final int POOLED_OTHERS = 8;

  private static final String COLUMNS =
      """
      SELECT id, execute_at, task_type, payload, status, attempts, max_attempts, error_message,
             created_at, updated_at, completed_at, job_id, job_token, job_attempts
        FROM scheduled_tasks LIMIT 0
      """;

  private TaskDatabase() {}

  /**
   * Opens the pool and looks whether the server and the table will do.
   *
   * @throws StartException if not; the message says what to mend
   */
  static HikariDataSource open(Settings.Database settings, Settings.Worker worker) {
    PGSimpleDataSource server = new PGSimpleDataSource();
    server.setServerNames(new String[] {settings.host()});
    server.setPortNumbers(new int[] {settings.port()});
    server.setDatabaseName(settings.name());
    server.setUser(settings.user());
    server.setPassword(settings.password());
    server.setSslMode(settings.sslMode());
    server.setApplicationName("at-worker " + worker.id());
    server.setConnectTimeout(10);
    server.setSocketTimeout(60); // a server that vanished without a word is noticed
    server.setTcpKeepAlive(true);
    HikariConfig config = new HikariConfig();
    config.setDataSource(server);
    config.setPoolName("at-worker");
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setMaximumPoolSize(Math.min(worker.batchSize(), POOLED_HANDLERS) + POOLED_OTHERS);
    config.setMinimumIdle(2);
    HikariDataSource pool = connect(config, settings);
    try {
      check(pool);
      return pool;
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private static HikariDataSource connect(HikariConfig config, Settings.Database settings) {
    try {
      HikariDataSource pool = new HikariDataSource(config);
      log.info("Successfully connected to database");
      return pool;
    } catch (PoolInitializationException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new StartException(
          "Failed to connect to database: " + settings + ": " + why.getMessage(), e);
    }
  }

  private static void check(HikariDataSource pool) {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      requireVersion(connection);
      try (ResultSet rows = statement.executeQuery(COLUMNS)) {
        log.debug("Table is there: columns={}", rows.getMetaData().getColumnCount());
      }
    } catch (SQLException e) {
      throw new StartException(
          "Table scheduled_tasks cannot be worked with, apply sql/ddl.sql: " + e.getMessage(), e);
    }
  }

  private static void requireVersion(Connection connection) throws SQLException {
    int version = connection.getMetaData().getDatabaseMajorVersion();
    if (version < OLDEST) {
      throw new StartException(
          "PostgreSQL " + version + " is too old, it must be " + OLDEST + " or later", null);
    }
  }
}
