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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How durable a commit is, is asked of PostgreSQL for one enqueue and for no other. */
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

    for (Durability durability : List.of(Durability.RELAXED, Durability.DEFAULT)) {
      NewJob job = Steps.job();
      store.insert(List.of(job), durability);
      assertThat(store.records().find(job.id())).isPresent();
    }

    assertThat(modes(seen)).containsExactly("off", "on");
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
}
