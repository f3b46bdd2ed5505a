package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What either driver makes of the errors of a MariaDB, and we of theirs. */
class MySqlErrorsTest {

  @BeforeAll
  static void findServer() {
    MySqlDriver.MARIADB.requireServer(MySqlErrorsTest.class);
  }

  private static HikariDataSource single(String url) {
    return Pools.of(
        url,
        config -> {
          config.setMaximumPoolSize(1);
          config.setMinimumIdle(1);
        });
  }

  @ParameterizedTest
  @EnumSource
  void aLockThatTakesTooLongEndsTheWholeTransactionAndItRunsAgain(MySqlDriver driver)
      throws SQLException {
    try (HikariDataSource pool =
            Pools.of(driver.url() + "&sessionVariables=innodb_lock_wait_timeout=1");
        Connection other = pool.getConnection()) {
      String table = Databases.unusedTables().build().tablePrefix() + "rows";
      Steps.execute(
          pool,
          "CREATE TABLE " + table + " (id int PRIMARY KEY)",
          "INSERT INTO " + table + " VALUES (1)");
      other.setAutoCommit(false);
      other.createStatement().execute("UPDATE " + table + " SET id = 1 WHERE id = 1");
      other.createStatement().execute("SELECT * FROM " + table + " WHERE id = 1 FOR UPDATE");
      AtomicInteger tries = new AtomicInteger();

      new Transactions(pool)
          .transaction(
              "Work",
              connection -> {
                if (tries.incrementAndGet() == 2) {
                  other.commit();
                }
                connection
                    .createStatement()
                    .execute("INSERT INTO " + table + " VALUES (" + (10 + tries.get()) + ")");
                return connection
                    .createStatement()
                    .execute("SELECT * FROM " + table + " WHERE id = 1 FOR UPDATE");
              });

      assertThat(tries).hasValue(2);
      assertThat(Steps.number(pool, "SELECT COUNT(*) FROM " + table + " WHERE id = 11"))
          .as("what the first try wrote")
          .isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReadOnlySessionIsNotDoneAndItsConnectionIsGivenUp(MySqlDriver driver) {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool = single(driver.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      long before = Steps.number(pool, "SELECT CONNECTION_ID()");
      Steps.execute(pool, "SET SESSION TRANSACTION READ ONLY"); // as after a demotion

      assertThatThrownBy(() -> Steps.insert(store))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("read-only")
          .extracting(e -> ((StoreException) e).outcome())
          .isEqualTo(Certainty.NOT_DONE);

      assertThat(Steps.number(pool, "SELECT CONNECTION_ID()")).isNotEqualTo(before);
      Steps.insert(store);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPayloadBeyondTheLongestMessageIsRefusedWithItsLimit(MySqlDriver driver) {
    try (HikariDataSource pool = Pools.of(driver.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      int packet = (int) Steps.number(pool, "SELECT @@max_allowed_packet");
      int most = (packet - 64 * 1024) / 2;
      byte[] worst = new byte[most]; // a driver may write two bytes for each zero
      NewJob fits = Steps.job().toBuilder().payload(new Payload("json", worst)).build();
      store.insert(List.of(fits, Steps.job()));
      assertThat(store.records().find(fits.id())).isPresent();

      NewJob tooLong =
          Steps.job().toBuilder().payload(new Payload("json", new byte[most + 1])).build();
      assertThatThrownBy(() -> store.insert(List.of(tooLong)))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("at most " + most);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepBeyondTheLongestMessageIsRefused(MySqlDriver driver) {
    try (HikariDataSource pool = Pools.of(driver.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      int packet = (int) Steps.number(pool, "SELECT @@max_allowed_packet");
      Steps.insert(store);
      TokenLease lease = (TokenLease) Steps.claim(store, 1).get(0).lease();
      KeptStep step = new KeptStep("read", new Payload("json", new byte[packet + 1]));

      assertThatThrownBy(() -> store.notes().orElseThrow().keep(lease, step))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("Step \"read\"")
          .hasMessageContaining("at most");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResultBeyondTheLongestMessageIsRefusedAloneAndTheOthersAreApplied(MySqlDriver driver) {
    try (HikariDataSource pool = Pools.of(driver.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      int packet = (int) Steps.number(pool, "SELECT @@max_allowed_packet");
      Steps.insert(store);
      Steps.insert(store);
      List<LeasedJob> jobs = Steps.claim(store, 2);
      Outcome tooLong = new Outcome.Succeeded(new Payload("json", new byte[packet + 1]));

      assertThatThrownBy(
              () ->
                  store.settle(
                      List.of(
                          new Settlement(jobs.get(0).lease(), tooLong),
                          new Settlement(jobs.get(1).lease(), Steps.succeeded()))))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("refused=[" + jobs.get(0).lease() + "]")
          .extracting(e -> ((StoreException) e).outcome())
          .isEqualTo(Certainty.NOT_DONE);
      assertThat(store.records().find(jobs.get(1).id()).orElseThrow().state())
          .isEqualTo(JobState.SUCCEEDED);
      assertThat(Steps.settle(store, jobs.get(0), Steps.succeeded())).isEmpty();
    }
  }
}
