package dev.jobs4j.store.jdbc;

import static dev.jobs4j.store.jdbc.JdbcStoreOptions.SchemaMode.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The caller's transaction is the caller's: the store only adds its rows to it. */
class CallersConnectionTest {

  /** All that an insert may do with a connection it was lent. */
  private static final Set<String> MAY =
      Set.of(
          "prepareStatement",
          "createArrayOf",
          "getAutoCommit",
          "getTransactionIsolation",
          "getMetaData",
          "getCatalog");

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

  private static final JobType<String> MAIL = JobType.of("mail", String.class);
  private static final JobType<String> AUDIT = JobType.of("audit", String.class).onQueue("audit");

  /** A store of the same tables elsewhere: the insert would find a place there, and never run. */
  @Test
  void aTransactionOfAnotherDatabaseIsRefused() throws Exception {
    try (HikariDataSource main = Databases.H2.open();
        HikariDataSource audits = Databases.H2.open();
        Jobs jobs =
            Jobs.builder()
                .store(JdbcJobStore.of(main))
                .store("audits", JdbcJobStore.of(audits), "audit")
                .enqueueOnly();
        Connection connection = callersConnection(main)) {
      JobClient joined = jobs.in(JdbcJobStore.transaction(connection));

      assertThatThrownBy(() -> joined.enqueue(AUDIT, "a"))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining(nameOf(main))
          .hasMessageContaining(nameOf(audits))
          .hasMessageContaining("outside of it");
      JobId mail = joined.enqueue(MAIL, "m").id();
      connection.commit();

      assertThat(jobs.find(mail)).isPresent();
      assertThat(Steps.number(main, "SELECT COUNT(*) FROM jobs_job")).isEqualTo(1);
      assertThat(Steps.number(audits, "SELECT COUNT(*) FROM jobs_job")).isZero();
    }
  }

  private static String nameOf(HikariDataSource h2) {
    return h2.getJdbcUrl().replaceAll(";.*", "");
  }

  @Test
  void aTransactionOfAnotherServerIsRefusedWithItsTablesAndWithout() throws Exception {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool = Databases.POSTGRES_18.open();
        HikariDataSource other = Databases.POSTGRES_15.open();
        Connection connection = callersConnection(other)) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(
                () -> store.insert(List.of(Steps.job()), JdbcJobStore.transaction(connection)))
            .isInstanceOf(InvalidJobException.class)
            .hasMessageMatching(".*database \\w+ at jdbc:postgresql://\\S+/\\w+, but.*")
            .hasMessageNotContaining("user=");
        connection.rollback();
        JdbcJobStore.of(other, options);
      }
    }
  }

  /** As another host name of the server, a proxy before it, or other settings make it. */
  @ParameterizedTest
  @EnumSource
  void anotherNameOfTheSameDatabasePassesAndIsAskedOnce(Databases database) throws Exception {
    List<String> calls = new ArrayList<>();
    try (HikariDataSource pool = database.open();
        Connection connection = renamed(callersConnection(pool))) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      JobTransaction transaction = JdbcJobStore.transaction(spyOn(connection, calls));

      store.insert(List.of(Steps.job()), transaction);
      long first = calls.stream().filter("prepareStatement"::equals).count();
      store.insert(List.of(Steps.job()), transaction);

      assertThat(calls).filteredOn("prepareStatement"::equals).hasSize((int) (2 * first - 1));
    }
  }

  private static Connection renamed(Connection connection) {
    return answering(
        Connection.class,
        connection,
        "getMetaData",
        answered ->
            answering(
                DatabaseMetaData.class,
                (DatabaseMetaData) answered,
                "getURL",
                url -> "jdbc:proxy://secret:word@proxy/db"));
  }

  private static <T> T answering(
      Class<T> type, T target, String name, UnaryOperator<Object> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                Object answered = method.invoke(target, arguments);
                return method.getName().equals(name) ? answer.apply(answered) : answered;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Test
  void aRefusalTellsNoPassword() throws Exception {
    try (HikariDataSource pool = Databases.H2.open();
        HikariDataSource other = Databases.H2.open();
        Connection connection = renamed(callersConnection(other))) {
      JdbcJobStore store = JdbcJobStore.of(pool);

      assertThatThrownBy(
              () -> store.insert(List.of(Steps.job()), JdbcJobStore.transaction(connection)))
          .hasMessageContaining("jdbc:proxy://proxy/db")
          .hasMessageNotContaining("secret")
          .hasMessageNotContaining("word");
    }
  }

  /** Tables that are not looked at at start may have been made by other means. */
  @Test
  void whereNobodyNotedWhenTheTablesWereMadeEveryConnectionPasses() throws Exception {
    JdbcStoreOptions made = Databases.newTables();
    JdbcStoreOptions trusting =
        JdbcStoreOptions.builder().tablePrefix(made.tablePrefix()).schemaMode(NONE).build();
    try (HikariDataSource pool = Databases.H2.open();
        Connection connection = renamed(callersConnection(pool))) {
      JdbcJobStore.of(pool, made);
      Steps.execute(pool, "DROP TABLE " + made.tablePrefix() + "schema");
      JdbcJobStore store = JdbcJobStore.of(pool, trusting);

      NewJob job = Steps.job();
      store.insert(List.of(job), JdbcJobStore.transaction(connection));
      connection.commit();

      assertThat(store.records().find(job.id())).isPresent();
    }
  }
}
