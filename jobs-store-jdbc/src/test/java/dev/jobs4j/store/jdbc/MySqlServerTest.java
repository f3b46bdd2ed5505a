package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.InvalidJobException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which servers of the family are taken, and what the others are told. */
class MySqlServerTest {

  private static Map<String, String> variables(String... changed) {
    Map<String, String> variables =
        new TreeMap<>(
            Map.of(
                "version", "8.4.6",
                "sql_mode", "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES",
                "log_bin", "ON",
                "binlog_format", "ROW",
                "max_allowed_packet", "67108864"));
    for (int i = 0; i < changed.length; i += 2) {
      variables.put(changed[i], changed[i + 1]);
    }
    return variables;
  }

  @ParameterizedTest
  @CsvSource({
    "10.6.0-MariaDB, MARIADB",
    "10.11.19-MariaDB-0+deb12u1, MARIADB",
    "5.5.5-10.11.19-MariaDB-log, MARIADB",
    "11.8.2-MariaDB-ubu2404, MARIADB",
    "8.0.17, MYSQL",
    "8.0.44-0ubuntu0.24.04.1, MYSQL",
    "9.5.0-commercial, MYSQL",
    "26.10.0, MYSQL"
  })
  void aServerIsKnownByItsOwnWord(String version, MySqlProduct product) {
    assertThat(MySqlServer.of(variables("version", version)).product()).isEqualTo(product);
  }

  @ParameterizedTest
  @CsvSource({
    "10.5.29-MariaDB, MariaDB 10.5.29, MariaDB 10.6.0",
    "5.5.5-10.3.39-MariaDB, MariaDB 10.3.39, MariaDB 10.6.0",
    "8.0.16, MySQL 8.0.16, MySQL 8.0.17",
    "5.7.44-log, MySQL 5.7.44, MySQL 8.0.17"
  })
  void aServerThatIsTooOldIsToldWhichIsNot(String version, String found, String oldest) {
    assertThatThrownBy(() -> MySqlServer.of(variables("version", version)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(found)
        .hasMessageContaining(oldest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ten", "-MariaDB", "8.0"})
  void aVersionThatIsNoneIsRefused(String version) {
    assertThatThrownBy(() -> MySqlServer.of(variables("version", version)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("\"" + version + "\"");
  }

  @Test
  void replicationByStatementIsRefusedWhereThereIsAny() {
    assertThatThrownBy(() -> MySqlServer.of(variables("binlog_format", "STATEMENT")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("set binlog_format to ROW or MIXED");
    assertThatCode(() -> MySqlServer.of(variables("binlog_format", "STATEMENT", "log_bin", "OFF")))
        .doesNotThrowAnyException();
    assertThatCode(() -> MySqlServer.of(variables("binlog_format", "MIXED")))
        .doesNotThrowAnyException();
  }

  @Test
  void aServerThatTakesOnlyShortMessagesIsRefused() {
    assertThatThrownBy(() -> MySqlServer.of(variables("max_allowed_packet", "65536")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("max_allowed_packet is 65536");
    assertThat(MySqlServer.of(variables()).maxAllowedPacket()).isEqualTo(64 << 20);
  }

  @ParameterizedTest
  @EnumSource
  void aSessionThatCutsWhatDoesNotFitIsRefused(MySqlDriver driver) {
    String url = driver.url() + "&sessionVariables=sql_mode='NO_ENGINE_SUBSTITUTION'";
    String strict =
        driver == MySqlDriver.CONNECTOR_J
            ? url + "&jdbcCompliantTruncation=false" // else it sets the mode itself
            : url;
    try (HikariDataSource pool = Pools.of(strict)) {
      assertThatThrownBy(() -> JdbcJobStore.of(pool, Databases.newTables()))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("STRICT_TRANS_TABLES")
          .hasMessageContaining("NO_ENGINE_SUBSTITUTION");
    }
  }

  @Test
  void aTableWithoutTransactionsIsRefused() {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool = Databases.MARIADB.open()) {
      JdbcJobStore.of(pool, options);
      String table = options.tablePrefix() + "wait";
      Steps.execute(pool, "ALTER TABLE " + table + " ENGINE=MyISAM");

      assertThatThrownBy(() -> JdbcJobStore.of(pool, options))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("ALTER TABLE " + table + " ENGINE=InnoDB");
    }
  }

  @Test
  void aTableThatTakesDifferentTextsForEqualIsRefused() {
    JdbcStoreOptions options = Databases.newTables();
    JdbcStoreOptions validating =
        new JdbcStoreOptions(
            options.tablePrefix(),
            null,
            JdbcStoreOptions.SchemaMode.VALIDATE,
            options.history(),
            false,
            options.wakeUps());
    try (HikariDataSource pool = Databases.MARIADB.open()) {
      JdbcJobStore.of(pool, options);
      String table = options.tablePrefix() + "key";
      String convert = "ALTER TABLE " + table + " CONVERT TO CHARACTER SET utf8mb4 COLLATE ";
      for (String collation : new String[] {"utf8mb4_general_ci", "utf8mb4_bin"}) {
        Steps.execute(pool, convert + collation);
        assertThatThrownBy(() -> JdbcJobStore.of(pool, validating))
            .isInstanceOf(InvalidJobException.class)
            .hasMessageContaining("key_value")
            .hasMessageContaining(collation)
            .hasMessageContaining(convert + "utf8mb4_nopad_bin");
      }
      Steps.execute(pool, convert + "utf8mb4_nopad_bin");
      Steps.insert(JdbcJobStore.of(pool, validating));
    }
  }

  @Test
  void theScriptsDifferInTheCollationAlone() {
    String mariaDb = SchemaMigrator.script("mariadb");
    assertThat(mariaDb).contains("COLLATE utf8mb4_nopad_bin").doesNotContain("{");
    assertThat(SchemaMigrator.script("mysql"))
        .isEqualTo(mariaDb.replace("utf8mb4_nopad_bin", "utf8mb4_0900_bin"));
  }
}
