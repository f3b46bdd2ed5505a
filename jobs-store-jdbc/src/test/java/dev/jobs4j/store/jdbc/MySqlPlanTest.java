package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A claim reads what it takes and sorts nothing, whatever else lies in the table: as counted. */
class MySqlPlanTest {

  private static final String COPIES =
      """
      INSERT INTO {p}job (id, token, run_at, created_at, attempt, crashes, type_version, waits,
          priority, suspect, cancel_requested, state, block_reason, queue, type, codec, payload)
      SELECT UNHEX(MD5(CONCAT('%1$s', n))), 0, %2$s, UTC_TIMESTAMP(6), 0, 0, 1, %3$s, 1 + n %% 5,
             FALSE, FALSE, 'PENDING', %4$s, 'work', 'work.do', 'json', '{}'
        FROM (WITH RECURSIVE numbers (n) AS (
                SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000)
              SELECT (a.n - 1) * 1000 + b.n AS n FROM numbers a, numbers b WHERE a.n <= %5$d) s
      """;

  @BeforeAll
  static void findServer() {
    MySqlDriver.MARIADB.requireServer(MySqlPlanTest.class);
  }

  private static Map<String, Long> counters(Statement statement) throws SQLException {
    Map<String, Long> counters = new HashMap<>();
    try (ResultSet row =
        statement.executeQuery(
            "SHOW SESSION STATUS WHERE Variable_name LIKE 'Handler_read%'"
                + " OR Variable_name LIKE 'Sort_%'")) {
      while (row.next()) {
        counters.put(row.getString(1).toLowerCase(Locale.ROOT), row.getLong(2));
      }
    }
    return counters;
  }

  /** How often each was counted since {@code before}. */
  private static long since(Map<String, Long> before, Map<String, Long> after, String prefix) {
    return after.entrySet().stream()
        .filter(counter -> counter.getKey().startsWith(prefix))
        .mapToLong(counter -> counter.getValue() - before.getOrDefault(counter.getKey(), 0L))
        .sum();
  }

  @Test
  void aClaimOverManyJobsThatAreNotDueOrWaitReadsWhatItTakes() throws SQLException {
    JdbcStoreOptions options = Databases.newTables();
    String copies = COPIES.replace("{p}", options.tablePrefix());
    MySqlDialect dialect = new MySqlDialect(MySqlProduct.MARIADB);
    try (HikariDataSource pool = Databases.MARIADB.open();
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      Steps.execute(
          pool,
          copies.formatted("later", "UTC_TIMESTAMP(6) + INTERVAL 1 DAY", "0", "NULL", 40),
          copies.formatted("waits", "UTC_TIMESTAMP(6) - INTERVAL 1 DAY", "1", "'PARENTS'", 10));
      MySqlClaims claims =
          new MySqlClaims(new Transactions(pool), Sql.of(options, dialect, dialect.now()));
      ClaimRequest request = Steps.claimOf(Steps.engine(store), 10);

      Map<String, Long> before = counters(statement);
      assertThat(claims.look(connection, request).due()).isEmpty();
      assertThat(since(before, counters(statement), "handler_read"))
          .as("rows read where nothing is due, paused or waited for, and a temporary table of none")
          .isLessThan(40);

      Steps.execute(
          pool, copies.formatted("due", "UTC_TIMESTAMP(6) - INTERVAL 1 HOUR", "0", "NULL", 10));
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
      MySqlClaims.Found found = claims.look(connection, request);
      assertThat(found.due()).hasSize(5);
      before = counters(statement);
      List<LeasedJob> taken = claims.take(connection, request, found);
      Map<String, Long> after = counters(statement);
      connection.rollback();
      connection.setAutoCommit(true);

      assertThat(taken).hasSize(10);
      assertThat(since(before, after, "handler_read"))
          .as("ten rows to lock, one engine, ten rows by key")
          .isLessThan(40);
      assertThat(since(before, after, "sort_")).as("sorted").isZero();
    }
  }

  @Test
  void aClaimByTurnsReadsWhatItTakes() throws SQLException {
    JdbcStoreOptions options = Databases.newTables();
    MySqlDialect dialect = new MySqlDialect(MySqlProduct.MARIADB);
    try (HikariDataSource pool = Databases.MARIADB.open();
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      ClaimRequest request = Steps.turnOf(Steps.crowd(JdbcJobStore.of(pool, options)), 10);
      MySqlClaims claims =
          new MySqlClaims(new Transactions(pool), Sql.of(options, dialect, dialect.now()));
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
      MySqlClaims.Found found = claims.look(connection, request);

      Map<String, Long> before = counters(statement);
      List<LeasedJob> taken = claims.take(connection, request, found);
      long read = since(before, counters(statement), "handler_read");
      connection.rollback();
      connection.setAutoCommit(true);

      assertThat(taken).extracting(LeasedJob::tenant).hasSize(10).doesNotHaveDuplicates();
      assertThat(read).as("rows read of 8080").isLessThan(1_000);
    }
  }
}
