package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.SchemaMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables are made once, checked clearly, and never half. */
class SchemaMigratorTest {

  private static JdbcStoreOptions validating(JdbcStoreOptions options) {
    return new JdbcStoreOptions(
        options.tablePrefix(),
        options.schema(),
        SchemaMode.VALIDATE,
        options.history(),
        false,
        options.wakeUps());
  }

  @ParameterizedTest
  @EnumSource
  void nodesThatStartAtOnceMakeTheTablesOnce(Databases database) throws Exception {
    JdbcStoreOptions options = Databases.newTables();
    int nodes = 8;
    CyclicBarrier start = new CyclicBarrier(nodes);
    ExecutorService threads = Executors.newFixedThreadPool(nodes);
    try (HikariDataSource pool = database.open()) {
      List<Future<?>> migrations = new ArrayList<>();
      for (int i = 0; i < nodes; i++) {
        SchemaMigrator migrator = SchemaMigrator.of(pool, options);
        migrations.add(
            threads.submit(
                () -> {
                  start.await();
                  migrator.migrate();
                  return null;
                }));
      }
      for (Future<?> migration : migrations) {
        migration.get();
      }

      assertThat(Steps.number(pool, "SELECT COUNT(*) FROM " + options.tablePrefix() + "schema"))
          .isEqualTo(1);
      Steps.insert(JdbcJobStore.of(pool, validating(options)));
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void missingTablesAreToldWithTheSettingAndTheFile(Databases database) {
    JdbcStoreOptions options = validating(Databases.newTables());
    try (HikariDataSource pool = database.open()) {
      assertThatThrownBy(() -> JdbcJobStore.of(pool, options))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("prefix \"" + options.tablePrefix())
          .hasMessageContaining("schemaMode")
          .hasMessageContaining(
              "dev/jobs4j/store/jdbc/schema/" + database.folder() + "/V001__jobs.sql")
          .hasMessageContaining("SchemaMigrator.script(\"" + database.scriptName() + "\")");
    }
  }

  @ParameterizedTest
  @EnumSource
  void alteredTablesAreRefused(Databases database) {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore.of(pool, options);
      Steps.execute(pool, "UPDATE " + options.tablePrefix() + "schema SET checksum = 'other'");

      for (JdbcStoreOptions mode : List.of(options, validating(options))) {
        assertThatThrownBy(() -> JdbcJobStore.of(pool, mode))
            .isInstanceOf(InvalidJobException.class)
            .hasMessageContaining("V001__jobs.sql")
            .hasMessageContaining("checksum")
            .hasMessageContaining("schemaMode");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void olderTablesAreRefusedByValidateAndUpdatedByMigrate(Databases database) {
    JdbcStoreOptions options = Databases.newTables();
    String p = options.tablePrefix();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore.of(pool, options);
      Steps.execute( // as if version 1 had been followed by a version 0 alone
          pool,
          "UPDATE " + p + "schema SET version = 0",
          "DROP TABLE IF EXISTS " + p + "claim",
          "DROP TABLE " + p + "engine",
          "DROP TABLE " + p + "job",
          "DROP TABLE " + p + "history",
          "DROP TABLE " + p + "dead",
          "DROP TABLE " + p + "audit",
          "DROP TABLE " + p + "attempt",
          "DROP TABLE " + p + "key",
          "DROP TABLE " + p + "wait",
          "DROP TABLE " + p + "note",
          "DROP TABLE " + p + "schedule",
          "DROP TABLE " + p + "pause",
          "DROP TABLE " + p + "limit_rule",
          "DROP TABLE " + p + "limit_key",
          "DROP TABLE " + p + "limit_use",
          "DROP TABLE " + p + "limit_wait",
          "DROP TABLE " + p + "line",
          "DROP TABLE " + p + "place",
          "DROP TABLE " + p + "archive",
          "DROP TABLE " + p + "archive_attempt");

      assertThatThrownBy(() -> JdbcJobStore.of(pool, validating(options)))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("lack version 1")
          .hasMessageContaining("V001__jobs.sql")
          .hasMessageContaining("schemaMode");
      Steps.insert(JdbcJobStore.of(pool, options));
    }
  }

  /** Where each statement of a schema is committed by itself, a file may have broken off. */
  @ParameterizedTest
  @EnumSource(names = {"H2", "MARIADB", "MARIADB_BY_CONNECTOR_J"})
  void aFileThatBrokeOffIsRunAgain(Databases database) {
    JdbcStoreOptions options = Databases.newTables();
    String p = options.tablePrefix();
    try (HikariDataSource pool = database.open()) {
      JobId kept = Steps.insert(JdbcJobStore.of(pool, options));
      Steps.execute(
          pool,
          "DELETE FROM " + p + "schema",
          "DROP TABLE " + p + "attempt",
          "DROP TABLE " + p + "key",
          "DROP TABLE " + p + "wait");

      assertThatThrownBy(() -> JdbcJobStore.of(pool, validating(options)))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("schemaMode to MIGRATE");
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      assertThat(store.records().find(kept)).isPresent();
      store.insert(List.of(Steps.after(kept)));
      JdbcJobStore.of(pool, validating(options));
    }
  }

  @ParameterizedTest
  @EnumSource
  void newerTablesAreUsedIfTheySayThatOlderCodeMay(Databases database) {
    JdbcStoreOptions options = Databases.newTables();
    String insert =
        "INSERT INTO "
            + options.tablePrefix()
            + "schema SELECT 2, 'V002', 'x', %d, installed_at"
            + " FROM "
            + options.tablePrefix()
            + "schema WHERE version = 1";
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore.of(pool, options);

      Steps.execute(pool, insert.formatted(1));
      Steps.insert(JdbcJobStore.of(pool, validating(options)));

      Steps.execute(
          pool, "UPDATE " + options.tablePrefix() + "schema SET runs_from = 2 WHERE version = 2");
      assertThatThrownBy(() -> JdbcJobStore.of(pool, validating(options)))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("version 2")
          .hasMessageContaining("update the library");
    }
  }

  @ParameterizedTest
  @EnumSource
  void thePlainScriptMakesTablesThatValidate(Databases database) {
    JdbcStoreOptions options = validating(Databases.newTables());
    try (HikariDataSource pool = database.open()) {
      Steps.execute(pool, SchemaMigrator.script(database.scriptName(), options).split(";\n"));

      Steps.insert(JdbcJobStore.of(pool, options));
    }
  }

  @ParameterizedTest
  @EnumSource
  void tablesMayStandInASchemaOfTheirOwn(Databases database) {
    JdbcStoreOptions made = Databases.unusedTables().build();
    JdbcStoreOptions options =
        JdbcStoreOptions.builder()
            .schema(made.tablePrefix() + "app")
            .schemaMode(SchemaMode.MIGRATE)
            .build();
    try (HikariDataSource pool = database.open()) {
      Steps.execute(pool, "CREATE SCHEMA " + options.schema());

      Steps.insert(JdbcJobStore.of(pool, options));

      assertThat(Steps.number(pool, "SELECT COUNT(*) FROM " + options.schema() + ".jobs_job"))
          .isEqualTo(1);
      Steps.insert(JdbcJobStore.of(pool, validating(options)));
      Steps.execute(pool, database.dropSchema(options.schema()));
    }
  }

  @Test
  void anEmbeddedH2IsMigratedAndAServerIsNotUnlessSaid() {
    JdbcStoreOptions auto = Databases.unusedTables().build();
    assertThat(auto.schemaMode()).isEqualTo(SchemaMode.AUTO);
    try (HikariDataSource h2 = Databases.H2.open();
        HikariDataSource postgres = Databases.POSTGRES_18.open()) {
      Steps.insert(JdbcJobStore.of(h2, auto));
      assertThatThrownBy(() -> JdbcJobStore.of(postgres, auto))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("set schemaMode to MIGRATE");
    }
    assertThat(H2Dialect.isEmbedded("jdbc:h2:tcp://host/db")).isFalse();
    assertThat(H2Dialect.isEmbedded("jdbc:h2:ssl://host/db")).isFalse();
    assertThat(H2Dialect.isEmbedded("jdbc:h2:file:./db")).isTrue();
  }

  @Test
  void whoMayNotCreateTablesIsToldWhatToDo() {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource owner = Databases.POSTGRES_18.open()) {
      Steps.execute(owner, "CREATE ROLE reader LOGIN");
    }
    String url = PostgresServer.V18.url().replace("user=postgres", "user=reader");
    try (HikariDataSource pool = Pools.of(url)) {
      assertThatThrownBy(() -> JdbcJobStore.of(pool, options))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("42501")
          .hasMessageContaining("schemaMode to VALIDATE")
          .hasMessageContaining("V001__jobs.sql");
    }
  }

  @Test
  void aScriptForAnUnknownDatabaseNamesThoseThatAreKnown() {
    assertThatThrownBy(() -> SchemaMigrator.script("oracle"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("oracle")
        .hasMessageContaining("postgresql, mariadb, mysql and h2");
  }
}
