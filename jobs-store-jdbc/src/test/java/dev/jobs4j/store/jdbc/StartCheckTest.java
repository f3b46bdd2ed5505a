package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.SchemaMode;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a store warns of at its start. */
class StartCheckTest {

  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(StartCheck.class);
  private final JdbcStoreOptions options = Databases.newTables();
  private final String p = options.tablePrefix();

  @BeforeEach
  void listen() {
    said.start();
    logger.addAppender(said);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(said);
  }

  private List<String> warnings() {
    return said.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .filter(words -> !words.contains("socketTimeout"))
        .toList();
  }

  private void startAfter(HikariDataSource pool, String... changes) {
    JdbcJobStore.of(pool, options);
    assertThat(warnings()).as("of tables as they were made").isEmpty();
    Steps.execute(pool, changes);
    JdbcJobStore.of(pool, JdbcStoreOptions.builder().tablePrefix(p).build());
  }

  @ParameterizedTest
  @EnumSource
  void tablesAsTheyWereMadeAreFine(Databases database) {
    try (HikariDataSource pool = database.open()) {
      JdbcStoreOptions elsewhere =
          JdbcStoreOptions.builder()
              .tablePrefix(p.toUpperCase(Locale.ROOT))
              .schemaMode(SchemaMode.MIGRATE)
              .build();
      JdbcJobStore.of(pool, elsewhere);
      assertThat(warnings()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job_claim",
        "job_limited",
        "job_suspect",
        "job_share",
        "job_blocked",
        "job_blocked_share",
        "job_cancel",
        "job_expiry",
        "history_ended",
        "wait_child"
      })
  void anIndexThatSomebodyDroppedIsNamedWithWhatMakesIt(String index) {
    try (HikariDataSource pool = Databases.POSTGRES_18.open()) {
      startAfter(pool, "DROP INDEX " + p + index);

      assertThat(warnings())
          .anySatisfy(
              words ->
                  assertThat(words)
                      .contains(
                          "index=" + p + index + ",", "CREATE INDEX " + p + index + " ON " + p));
      String made = warnings().get(0).replaceAll("(?s).*made by: ", "");
      said.list.clear();
      Steps.execute(pool, made);
      JdbcJobStore.of(pool, options);
      assertThat(warnings()).as("after it was made as told").isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClaimThatWouldSortIsTold(PostgresServer server) {
    try (HikariDataSource pool = Pools.of(server.url())) {
      startAfter(
          pool,
          "DROP INDEX " + p + "job_claim",
          "CREATE INDEX " + p + "job_claim ON " + p + "job (queue)");

      assertThat(warnings()).anySatisfy(words -> assertThat(words).contains("sorts", p + "job"));
    }
  }

  @Test
  void aClaimThatWouldReadTheWholeTableIsTold() {
    try (HikariDataSource pool = Databases.POSTGRES_15.open()) {
      startAfter(
          pool,
          "DROP INDEX "
              + p
              + "job_claim, "
              + p
              + "job_share, "
              + p
              + "job_limited, "
              + p
              + "job_suspect, "
              + p
              + "job_expiry");

      assertThat(warnings()).anySatisfy(words -> assertThat(words).contains("whole table"));
    }
  }

  @Test
  void anIndexThatWasNeverFinishedIsNamed() {
    try (HikariDataSource pool = Databases.POSTGRES_18.open()) {
      startAfter(
          pool,
          "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"
              + p
              + "job_claim'::regclass");

      assertThat(warnings())
          .anySatisfy(words -> assertThat(words).contains("index=" + p + "job_claim,"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MARIADB", "MARIADB_BY_CONNECTOR_J"})
  void onMariaDbAMissingIndexIsNamedAndASortTold(Databases database) {
    try (HikariDataSource pool = database.open()) {
      startAfter(pool, "ALTER TABLE " + p + "job DROP KEY " + p + "job_claim");
      assertThat(warnings())
          .anySatisfy(
              words ->
                  assertThat(words)
                      .contains("index=" + p + "job_claim", "ALTER TABLE " + p + "job ADD KEY"));

      said.list.clear();
      Steps.execute(pool, "ALTER TABLE " + p + "job ADD KEY " + p + "job_claim (queue)");
      JdbcJobStore.of(pool, options);
      assertThat(warnings()).anySatisfy(words -> assertThat(words).contains("sorts"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES_18", "MARIADB", "MARIADB_BY_CONNECTOR_J"})
  void connectionsThatWouldWaitForEverAreWarnedOf(Databases database) {
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore.of(pool, options);
      assertThat(said.list).anyMatch(event -> event.getMessage().contains("socketTimeout"));
    }
    said.list.clear();
    String timed = database == Databases.POSTGRES_18 ? "&socketTimeout=60" : "&socketTimeout=60000";
    try (HikariDataSource pool = Pools.of(database.url() + timed)) {
      JdbcJobStore.of(pool, options);
      assertThat(said.list).isEmpty();
    }
  }

  @Test
  void anAccountThatMayNotLookIsNoReasonToStop() {
    try (HikariDataSource pool = Databases.POSTGRES_18.open()) {
      JdbcJobStore.of(pool, options);
      Steps.execute(pool, "DROP TABLE " + p + "job CASCADE");
      JdbcJobStore.of(
          pool, JdbcStoreOptions.builder().tablePrefix(p).schemaMode(SchemaMode.NONE).build());

      assertThat(warnings())
          .anySatisfy(words -> assertThat(words).contains("could not be looked at"));
    }
  }
}
