package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.Durability;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.NewJob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How durable a commit is, is asked of PostgreSQL for one enqueue and for no other. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DurabilityTest {

  private final HikariDataSource pool =
      Pools.of(PostgresServer.V15.url(), config -> config.setMaximumPoolSize(2));

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void aRelaxedEnqueueDoesNotWaitForTheDiskAndTheNextOneDoes() throws SQLException {
    JdbcStoreOptions options = Databases.newTables();
    JdbcJobStore store = JdbcJobStore.of(pool, options);
    String seen = notingModes(pool, options);

    for (Durability durability : List.of(Durability.RELAXED, Durability.DEFAULT)) {
      NewJob job = Steps.job();
      store.insert(List.of(job), durability);
      assertThat(store.records().find(job.id())).isPresent();
    }

    assertThat(modes(seen)).containsExactly("off", "on");
  }

  /** A table that says for each job that is inserted how its commit is to be. */
  private String notingModes(HikariDataSource pool, JdbcStoreOptions options) {
    String seen = options.tablePrefix() + "seen";
    Steps.execute(
        pool,
        "CREATE TABLE " + seen + " (n serial, commit_mode text)",
        "CREATE FUNCTION "
            + seen
            + "_note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO "
            + seen
            + " (commit_mode) VALUES (current_setting(''synchronous_commit'')); RETURN NULL; END'",
        "CREATE TRIGGER note AFTER INSERT ON "
            + options.tablePrefix()
            + "job FOR EACH ROW EXECUTE FUNCTION "
            + seen
            + "_note()");
    return seen;
  }

  private List<String> modes(String table) throws SQLException {
    List<String> modes = new ArrayList<>();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT commit_mode FROM " + table + " ORDER BY n")) {
      while (row.next()) {
        modes.add(row.getString(1));
      }
    }
    return modes;
  }

  @Test
  void withoutAStandbyThereIsNoMajority() {
    JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());

    assertThat(store.capabilities()).doesNotContain(Capability.MAJORITY);
  }

  /** There is none: whoever waits for it is let go when nobody is to be waited for any more. */
  @Test
  void anEnqueueByMajorityWaitsForTheStandbyAndNoOtherDoes() throws Exception {
    ExecutorService waiting = Executors.newSingleThreadExecutor();
    nameStandbys("'nowhere'");
    try (HikariDataSource local =
        Pools.of(
            PostgresServer.V15.url(),
            config -> config.addDataSourceProperty("options", "-c synchronous_commit=local"))) {
      JdbcStoreOptions options = Databases.newTables();
      JdbcJobStore store = JdbcJobStore.of(local, options);
      assertThat(store.capabilities()).contains(Capability.MAJORITY);
      String seen = notingModes(local, options);
      store.insert(List.of(Steps.job()), Durability.DEFAULT);

      Future<?> insert = waitingInsert(store, waiting);
      store.insert(List.of(Steps.job()), Durability.RELAXED);

      nameStandbys("''");
      insert.get(30, TimeUnit.SECONDS);
      assertThat(modes(seen)).startsWith("local", "on").endsWith("on", "off");
    } finally {
      nameStandbys("''");
      waiting.shutdownNow();
    }
  }

  private void nameStandbys(String names) throws InterruptedException {
    Steps.execute(
        pool, "ALTER SYSTEM SET synchronous_standby_names = " + names, "SELECT pg_reload_conf()");
    while (!("'" + PostgresServer.V15.setting("synchronous_standby_names") + "'").equals(names)) {
      Thread.sleep(20);
    }
  }

  /**
   * An insert whose commit waits; one that comes before the server has heard of the standby does
   * not.
   */
  private Future<?> waitingInsert(JdbcJobStore store, ExecutorService waiting)
      throws InterruptedException {
    Runnable majority = () -> store.insert(List.of(Steps.job()), Durability.MAJORITY);
    Future<?> insert = waiting.submit(majority);
    while (isNobodyWaiting()) {
      if (insert.isDone()) {
        insert = waiting.submit(majority);
      }
      Thread.sleep(20);
    }
    assertThat(insert.isDone()).isFalse();
    return insert;
  }

  private boolean isNobodyWaiting() {
    return Steps.number(pool, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        == 0;
  }
}
