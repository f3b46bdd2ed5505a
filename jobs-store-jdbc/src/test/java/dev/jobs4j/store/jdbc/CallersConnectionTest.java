package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The caller's transaction is the caller's: the store only adds its rows to it. */
class CallersConnectionTest {

  /** All that an insert may do with a connection it was lent. */
  private static final Set<String> MAY =
      Set.of("prepareStatement", "createArrayOf", "getAutoCommit", "getTransactionIsolation");

  private static Connection spyOn(Connection connection, List<String> calls) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              calls.add(method.getName());
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** As a caller must have it who chooses ids. */
  private static Connection callersConnection(HikariDataSource pool) throws SQLException {
    Connection connection = pool.getConnection();
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    connection.setAutoCommit(false);
    return connection;
  }

  private static NewJob withEverything(JobId parent, String key) {
    NewJob job = Steps.after(parent);
    return NewJob.builder(job.id(), job.type(), job.queue(), job.payload())
        .mayExist(true)
        .priority(job.priority())
        .due(job.due())
        .maxAttempts(3)
        .uniqueKey(new UniqueKey(key, Duration.ofHours(1)))
        .tenant("tenant")
        .after(job.after())
        .headers(job.headers())
        .build();
  }

  @ParameterizedTest
  @EnumSource
  void anInsertPreparesStatementsAndNothingElse(Databases database) throws Exception {
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      JobId parent = Steps.insert(store);
      List<String> calls = new ArrayList<>();
      try (Connection connection = callersConnection(pool)) {
        JobTransaction transaction = JdbcJobStore.transaction(spyOn(connection, calls));

        NewJob job = withEverything(parent, "key");
        store.insert(List.of(job, Steps.job()), transaction);
        store.insert(List.of(job, withEverything(parent, "key")), transaction);

        assertThat(calls).isNotEmpty().isSubsetOf(MAY);
        assertThat(connection.isClosed()).isFalse();
        assertThat(connection.getAutoCommit()).isFalse();
        assertThat(store.records().find(job.id())).as("before the commit").isEmpty();
        connection.commit();
        assertThat(store.records().find(job.id())).as("after the commit").isPresent();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailedInsertSurfacesAndIsLeftToTheCaller(Databases database) throws Exception {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      Steps.execute(pool, "DROP TABLE " + options.tablePrefix() + "key");
      List<String> calls = new ArrayList<>();
      try (Connection connection = callersConnection(pool)) {
        JobTransaction transaction = JdbcJobStore.transaction(spyOn(connection, calls));
        JobId parent = Steps.insert(store);

        assertThatThrownBy(() -> store.insert(List.of(withEverything(parent, "key")), transaction))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("caller's transaction")
            .extracting(e -> ((StoreException) e).outcome())
            .isEqualTo(StoreException.Certainty.NOT_DONE);
        assertThat(calls).isSubsetOf(MAY);
        connection.rollback();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownParentLeavesNothingBehindInTheCallersTransaction(Databases database)
      throws Exception {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      try (Connection connection = callersConnection(pool)) {
        JobId unknown = new JobId(UUID.randomUUID());

        assertThatThrownBy(
                () ->
                    store.insert(
                        List.of(withEverything(unknown, "key")),
                        JdbcJobStore.transaction(connection)))
            .isInstanceOf(InvalidJobException.class)
            .hasMessageContaining(unknown.toString());
        connection.commit();
      }
      for (String area : List.of("job", "key", "wait")) {
        assertThat(Steps.number(pool, "SELECT COUNT(*) FROM " + options.tablePrefix() + area))
            .as(area)
            .isZero();
      }
    }
  }

  @Test
  void aConnectionWithoutATransactionIsRefused() throws Exception {
    try (HikariDataSource pool = Databases.H2.open();
        Connection connection = pool.getConnection()) {
      JdbcJobStore store = JdbcJobStore.of(pool);

      assertThatThrownBy(
              () -> store.insert(List.of(Steps.job()), JdbcJobStore.transaction(connection)))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("setAutoCommit(false)");
    }
  }

  @Test
  void aTransactionOfAnotherKindIsRefused() {
    try (HikariDataSource pool = Databases.H2.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool);

      assertThatThrownBy(() -> store.insert(List.of(Steps.job()), new JobTransaction() {}))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("JdbcJobStore.transaction");
    }
  }

  @Test
  void theCallersHookIsGivenWhatIsToRunAfterTheCommit() throws Exception {
    List<Runnable> hooked = new ArrayList<>();
    List<String> ran = new ArrayList<>();
    try (HikariDataSource pool = Databases.H2.open();
        Connection connection = pool.getConnection()) {
      JdbcJobStore.transaction(connection, hooked::add).afterCommit(() -> ran.add("hint"));
      JdbcJobStore.transaction(connection).afterCommit(() -> ran.add("dropped"));
    }

    hooked.forEach(Runnable::run);
    assertThat(ran).containsExactly("hint");
  }
}
