package dev.jobs4j.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.SchemaMode;
import dev.jobs4j.tck.StoreFixture;
import dev.jobs4j.tck.TestTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** One database with a set of tables; its clock is moved through a row of a table. */
final class DatabaseFixture implements StoreFixture {

  private static final List<String> AREAS =
      List.of(
          "engine",
          "job",
          "history",
          "dead",
          "audit",
          "attempt",
          "key",
          "wait",
          "note",
          "schedule",
          "pause",
          "limit_rule",
          "limit_key",
          "limit_use",
          "limit_wait",
          "line",
          "place");

  private final String backend;
  private final String kind;
  private final HikariDataSource pool;
  private final String now;
  private final JdbcStoreOptions options;

  private DatabaseFixture(
      String backend, String kind, String now, HikariDataSource pool, JdbcStoreOptions options) {
    this.backend = backend;
    this.kind = kind;
    this.now = now;
    this.pool = pool;
    this.options = options;
    execute("CREATE TABLE " + clock() + " (micros bigint NOT NULL)");
    execute("INSERT INTO " + clock() + " VALUES (0)");
    SchemaMigrator.of(pool, options).migrate();
  }

  /** Tables of their own on one of the servers of this run. */
  static DatabaseFixture postgres(PostgresServer server, JdbcStoreOptions options) {
    String now =
        "(statement_timestamp() + (SELECT micros FROM %s) * interval '1 microsecond')"
            .formatted(clock(options));
    return new DatabaseFixture(server.toString(), "real", now, Pools.of(server.url()), options);
  }

  /** Tables of their own on the MariaDB server, which a driver leads to. */
  static DatabaseFixture mySql(MySqlDriver driver, JdbcStoreOptions options) {
    String now =
        "(UTC_TIMESTAMP(6) + INTERVAL (SELECT micros FROM %s) MICROSECOND)"
            .formatted(clock(options));
    return new DatabaseFixture(driver.backend(), "real", now, Pools.of(driver.url()), options);
  }

  /** A database of its own, in memory or in files by its URL. */
  static DatabaseFixture h2(String backend, String url, JdbcStoreOptions options) {
    String now =
        "DATEADD(MICROSECOND, (SELECT micros FROM %s), CURRENT_TIMESTAMP(6))"
            .formatted(clock(options));
    return new DatabaseFixture(backend, "embedded", now, Pools.of(url), options);
  }

  DataSource dataSource() {
    return pool;
  }

  private static String clock(JdbcStoreOptions options) {
    return options.tablePrefix() + "test_clock";
  }

  private String clock() {
    return clock(options);
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
  public JobStore open() {
    JdbcStoreOptions trusting =
        new JdbcStoreOptions(
            options.tablePrefix(),
            options.schema(),
            SchemaMode.NONE,
            options.history(),
            false,
            options.wakeUps());
    return JdbcJobStore.of(pool, trusting, now);
  }

  @Override
  public void clear() {
    AREAS.forEach(area -> execute("DELETE FROM " + options.tablePrefix() + area));
  }

  @Override
  public void advance(Duration by) {
    execute("UPDATE %s SET micros = micros + %d".formatted(clock(), by.toNanos() / 1_000));
  }

  @Override
  public TestTransaction begin() {
    try {
      Connection connection = pool.getConnection();
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED); // for own ids
      connection.setAutoCommit(false);
      return new OpenTransaction(connection);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  private void execute(String sql) {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private record OpenTransaction(Connection connection) implements TestTransaction {

    @Override
    public JobTransaction handle() {
      return JdbcJobStore.transaction(connection);
    }

    @Override
    public void commit() {
      end(true);
    }

    @Override
    public void rollback() {
      end(false);
    }

    @Override
    public void close() {
      end(false);
    }

    private void end(boolean commit) {
      try {
        if (connection.isClosed()) {
          return;
        }
        try (connection) {
          if (commit) {
            connection.commit();
          } else {
            connection.rollback();
          }
        }
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }
  }
}
