package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Retention;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.StoreException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is pruned goes to the archive tables, all or nothing. */
class ArchiveTablesTest {

  private static final Failure FAILURE = new Failure("java.io.IOException", "no route", "at X");
  private static final PruneRequest ALL =
      new PruneRequest(Retention.of(Duration.ZERO).keep(JobState.DEAD, Duration.ZERO), 100);

  private static JdbcStoreOptions options() {
    return Databases.unusedTables()
        .schemaMode(JdbcStoreOptions.SchemaMode.MIGRATE)
        .archive(true)
        .build();
  }

  private static JobId end(JdbcJobStore store, Outcome outcome) {
    JobId id = Steps.insert(store);
    LeasedJob first = Steps.claim(store, 1).get(0);
    Steps.settle(store, first, new Outcome.Retry(Duration.ZERO, FAILURE));
    Steps.settle(store, Steps.claim(store, 1).get(0), outcome);
    return id;
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPrunedIsInTheArchive(Databases database) {
    JdbcStoreOptions options = options();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      Payload result = new Payload("json", new byte[] {'1'});
      JobId succeeded = end(store, new Outcome.Succeeded(result));
      JobId dead = end(store, new Outcome.Dead(DeadReason.REJECTED, FAILURE));
      JobId cancelled = Steps.insert(store);
      store.records().cancel(cancelled);

      assertThat(store.prune(ALL)).isEqualTo(3);

      assertThat(List.of(succeeded, dead, cancelled))
          .noneMatch(id -> store.records().find(id).isPresent());
      String archive = options.tablePrefix() + "archive";
      assertThat(count(pool, archive, "state = 'SUCCEEDED' AND result_codec = 'json'")).isOne();
      assertThat(count(pool, archive, "state = 'DEAD' AND reason = 'REJECTED'")).isOne();
      assertThat(count(pool, archive, "state = 'CANCELLED' AND error_class IS NULL")).isOne();
      assertThat(count(pool, archive, "payload IS NOT NULL AND archived_at >= finished_at"))
          .isEqualTo(3);
      assertThat(count(pool, archive + "_attempt", "error_message = 'no route'")).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAJobWaitedForIsInTheArchive(Databases database) {
    JdbcStoreOptions options = options();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      for (Outcome end :
          List.of(Steps.succeeded(), new Outcome.Dead(DeadReason.REJECTED, FAILURE))) {
        NewJob plain = Steps.job();
        store.insert(
            List.of(
                NewJob.builder(plain.id(), plain.type(), plain.queue(), plain.payload())
                    .limits(List.of(new LimitKey("carrier", "dhl")))
                    .fifo(new Fifo("order-7", Fifo.OnDead.SKIP))
                    .build()));
        Steps.settle(store, Steps.claim(store, 1).get(0), end);
      }

      store.prune(ALL);

      String archive = options.tablePrefix() + "archive";
      assertThat(count(pool, archive, "limits = 'carrier/dhl'")).isEqualTo(2);
      assertThat(count(pool, archive, "line_key = 'order-7' AND line_skip")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheArchiveRefusesStays(Databases database) {
    JdbcStoreOptions options = options();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      JobId id = end(store, Steps.succeeded());
      Steps.execute(pool, "DROP TABLE " + options.tablePrefix() + "archive_attempt");

      assertThatThrownBy(() -> store.prune(ALL)).isInstanceOf(StoreException.class);

      assertThat(store.records().find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(count(pool, options.tablePrefix() + "archive", "1 = 1")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsCopiedUnlessItIsToldTo(Databases database) {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      end(store, Steps.succeeded());

      assertThat(store.prune(ALL)).isOne();

      assertThat(count(pool, options.tablePrefix() + "archive", "1 = 1")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStoreThatKeepsNothingArchivesNothing(Databases database) {
    try (HikariDataSource pool = database.open()) {
      JdbcStoreOptions options =
          Databases.unusedTables()
              .schemaMode(JdbcStoreOptions.SchemaMode.MIGRATE)
              .history(JdbcStoreOptions.History.DELETE)
              .build();
      assertThat(JdbcJobStore.of(pool, options).capabilities()).doesNotContain(Capability.ARCHIVE);
    }
  }

  private static long count(HikariDataSource pool, String table, String where) {
    return Steps.number(pool, "SELECT COUNT(*) FROM " + table + " WHERE " + where);
  }
}
