package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections of the store's own: any pool will do, and gets them back as they were. */
class OwnConnectionsTest {

  /** With a size of one, the connection that comes is always the same. */
  private static HikariDataSource pool(String url, int size, boolean autoCommit, String isolation) {
    return Pools.of(
        url,
        config -> {
          config.setMaximumPoolSize(size);
          config.setMinimumIdle(size);
          config.setAutoCommit(autoCommit);
          config.setTransactionIsolation(isolation);
        });
  }

  /** A data source whose connections Hikari does not put right when they come back. */
  private static DataSource bare(Connection connection) {
    Connection unclosed =
        (Connection)
            Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) ->
                    method.getName().equals("close") ? null : method.invoke(connection, arguments));
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> unclosed);
  }

  private static void useAllOf(JdbcJobStore store) {
    EngineId engine = Steps.engine(store);
    JobId id = Steps.insert(store);
    LeasedJob job = store.claim(Steps.claimOf(engine, 1)).get(0);
    assertThat(store.renew(engine)).isPresent();
    assertThat(Steps.settle(store, job, Steps.succeeded())).isEmpty();
    store.retire(engine);
    assertThat(store.records().find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
    store.close();
  }

  @ParameterizedTest
  @EnumSource
  void anEngineKeepsItsLeaseWhenThePoolIsUsedUp(Databases database) throws SQLException {
    try (HikariDataSource pool =
        Pools.of(
            database.url(),
            config -> {
              config.setMaximumPoolSize(2);
              config.setConnectionTimeout(250);
            })) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      EngineId engine = Steps.engine(store);
      try (Connection handlers = pool.getConnection()) {
        assertThatThrownBy(pool::getConnection).as("used up").isInstanceOf(SQLException.class);
        assertThat(handlers.isClosed()).isFalse();
        assertThat(store.renew(engine)).isPresent();
      }
      store.close();
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).as("given back").isZero();
    }
  }

  @Test
  void aBrokenRenewalConnectionIsTakenAnew() {
    try (HikariDataSource pool = Pools.of(PostgresServer.V18.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      EngineId engine = Steps.engine(store);
      Steps.execute(
          pool,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE query LIKE 'INSERT INTO%engine%' AND pid <> pg_backend_pid()");
      assertThatThrownBy(() -> store.renew(engine)).isInstanceOf(StoreException.class);
      assertThat(store.renew(engine)).isPresent();
      store.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPoolWithoutAutoCommitIsWorked(Databases database) {
    try (HikariDataSource pool = pool(database.url(), 2, false, "TRANSACTION_READ_COMMITTED");
        HikariDataSource other = Pools.of(pool.getJdbcUrl())) {
      JdbcStoreOptions options = Databases.newTables();

      useAllOf(JdbcJobStore.of(pool, options));

      assertThat(Steps.number(other, "SELECT COUNT(*) FROM " + options.tablePrefix() + "history"))
          .as("committed")
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionGoesBackAsItCame(Databases database) throws SQLException {
    try (HikariDataSource pool = database.open();
        Connection connection = pool.getConnection()) {
      for (boolean autoCommit : new boolean[] {true, false}) {
        for (int isolation :
            new int[] {
              Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ
            }) {
          connection.setAutoCommit(true);
          connection.setTransactionIsolation(isolation);
          connection.setAutoCommit(autoCommit);

          useAllOf(JdbcJobStore.of(bare(connection), Databases.newTables()));

          assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
          assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
          connection.setAutoCommit(true);
        }
      }
    }
  }

  @Test
  void workRunsReadCommittedWhateverThePoolSays() {
    try (HikariDataSource pool =
        pool(PostgresServer.V18.url(), 1, false, "TRANSACTION_SERIALIZABLE")) {
      String isolation =
          new Transactions(pool)
              .transaction(
                  "Looking",
                  connection -> {
                    try (var row =
                        connection.createStatement().executeQuery("SHOW transaction_isolation")) {
                      row.next();
                      return row.getString(1);
                    }
                  });
      assertThat(isolation).isEqualTo("read committed");
    }
  }

  @Test
  void aVictimOfAnotherTransactionRunsAgainAndNotForEver() {
    try (HikariDataSource pool = Databases.H2.open()) {
      Transactions transactions = new Transactions(pool);
      for (String state : List.of("40001", "40P01", "90131", "HYT00")) {
        AtomicInteger tries = new AtomicInteger();
        int result =
            transactions.transaction(
                "Work",
                connection -> {
                  if (tries.incrementAndGet() < 3) {
                    throw new SQLException("deadlock", state);
                  }
                  return 42;
                });
        assertThat(result).isEqualTo(42);
        assertThat(tries).hasValue(3);
      }

      AtomicInteger tries = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  transactions.transaction(
                      "Work",
                      connection -> {
                        tries.incrementAndGet();
                        throw new SQLException("deadlock", "40001");
                      }))
          .isInstanceOf(StoreException.class)
          .extracting(e -> ((StoreException) e).outcome())
          .isEqualTo(Certainty.NOT_DONE);
      assertThat(tries).hasValue(10);
    }
  }

  @Test
  void aFailureRollsBackAndIsNotRepeated() {
    try (HikariDataSource pool = Databases.H2.open()) {
      Steps.execute(pool, "CREATE TABLE touched (id int)");
      AtomicInteger tries = new AtomicInteger();

      assertThatThrownBy(
              () ->
                  new Transactions(pool)
                      .transaction(
                          "Work",
                          connection -> {
                            tries.incrementAndGet();
                            connection.createStatement().execute("INSERT INTO touched VALUES (1)");
                            throw new SQLException("no such column", "42703");
                          }))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("Work failed, nothing was done: sqlState=42703");
      assertThat(tries).hasValue(1);
      assertThat(Steps.number(pool, "SELECT COUNT(*) FROM touched")).isZero();
    }
  }

  @Test
  void aReadOnlyNodeIsNotDoneAndItsConnectionIsGivenUp() {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool =
        pool(PostgresServer.V18.url(), 1, true, "TRANSACTION_READ_COMMITTED")) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      long before = Steps.number(pool, "SELECT pg_backend_pid()");
      Steps.execute(pool, "SET default_transaction_read_only = on"); // as after a demotion

      assertThatThrownBy(() -> Steps.insert(store))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("read-only")
          .extracting(e -> ((StoreException) e).outcome())
          .isEqualTo(Certainty.NOT_DONE);

      assertThat(Steps.number(pool, "SELECT pg_backend_pid()")).isNotEqualTo(before);
      Steps.insert(store);
    }
  }

  @Test
  void anUnsupportedDatabaseIsToldWhichAreSupported() {
    Connection connection =
        (Connection)
            Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "getMetaData" -> metaData("Derby", "10.16");
                      case "getAutoCommit" -> true;
                      case "getTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
                      default -> null;
                    });

    assertThatThrownBy(() -> JdbcJobStore.of(bare(connection)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("Derby 10.16")
        .hasMessageContaining("PostgreSQL, MariaDB, MySQL and H2");
  }

  private static DatabaseMetaData metaData(String product, String version) {
    return (DatabaseMetaData)
        Proxy.newProxyInstance(
            DatabaseMetaData.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            (proxy, method, arguments) ->
                method.getName().equals("getDatabaseProductName") ? product : version);
  }
}
