package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.WakeUpMode;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two applications on one set of tables, and the engine of one polls once an hour. */
class WakeUpTest {

  private static final JobType<String> MAIL = JobType.of("mail", String.class);

  private final JdbcStoreOptions options =
      Databases.unusedTables()
          .schemaMode(JdbcStoreOptions.SchemaMode.MIGRATE)
          .wakeUps(WakeUpMode.ALWAYS)
          .build();
  private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();

  private JobsBuilder engine(HikariDataSource pool, JdbcStoreOptions tables, Duration poll) {
    return Jobs.builder()
        .store(JdbcJobStore.of(pool, tables))
        .options(EngineOptions.builder().pollInterval(poll).build())
        .handler(MAIL, (text, context) -> ran.add(text));
  }

  private void assertRun(Jobs sender, Enqueued enqueued, String text) throws Exception {
    assertThat(ran.poll(30, TimeUnit.SECONDS)).isEqualTo(text);
    Soon.until("settled", () -> state(sender, enqueued.id()) == JobState.SUCCEEDED);
  }

  private static JobState state(Jobs jobs, JobId id) {
    return jobs.find(id).orElseThrow().state();
  }

  /** The one that listens for these tables, zero if there is none. */
  private long listener(HikariDataSource pool) {
    return Steps.number(
        pool,
        "SELECT COALESCE(MAX(pid), 0) FROM pg_stat_activity WHERE query LIKE 'LISTEN \""
            + options.tablePrefix()
            + "wake%'");
  }

  @ParameterizedTest
  @EnumSource
  void aJobOfOneProcessIsStartedByAnotherWithoutAPoll(PostgresServer server) throws Exception {
    try (HikariDataSource pool = Pools.of(server.url());
        HikariDataSource other = Pools.of(server.url());
        Jobs engine = engine(pool, options, Duration.ofHours(1)).start();
        Jobs sender = Jobs.builder().store(JdbcJobStore.of(other, options)).enqueueOnly()) {
      Soon.until("it listens", () -> listener(other) > 0);
      for (int i = 0; i < 5; i++) {
        assertRun(sender, sender.enqueue(MAIL, "m" + i), "m" + i);
      }
      try (Connection connection = other.getConnection()) {
        connection.setAutoCommit(false);
        Enqueued joined = sender.in(JdbcJobStore.transaction(connection)).enqueue(MAIL, "joined");
        connection.commit();
        assertRun(sender, joined, "joined");
      }
      assertThat(engine.health().isUp()).isTrue();
    }
  }

  /** Its own process has no other way to learn of a commit that is the caller's. */
  @Test
  void anEngineHearsOfCommitsOfItsOwnProcessToo() throws Exception {
    try (HikariDataSource pool = Pools.of(PostgresServer.V18.url());
        Jobs engine = engine(pool, options, Duration.ofHours(1)).start();
        Connection connection = pool.getConnection()) {
      Soon.until("it listens", () -> listener(pool) > 0);
      assertRun(engine, engine.enqueue(MAIL, "first"), "first");
      connection.setAutoCommit(false);
      Enqueued joined = engine.in(JdbcJobStore.transaction(connection)).enqueue(MAIL, "joined");
      connection.commit();

      assertRun(engine, joined, "joined");
    }
  }

  @Test
  void aListenerThatTheServerEndsComesBackAndMissesNothing() throws Exception {
    try (HikariDataSource pool = Pools.of(PostgresServer.V18.url());
        HikariDataSource other = Pools.of(PostgresServer.V18.url());
        Jobs engine = engine(pool, options, Duration.ofHours(1)).start();
        Jobs sender = Jobs.builder().store(JdbcJobStore.of(other, options)).enqueueOnly()) {
      Soon.until("it listens", () -> listener(other) > 0);
      assertRun(sender, sender.enqueue(MAIL, "before"), "before");
      long ended = listener(other);
      Steps.execute(other, "SELECT pg_terminate_backend(" + ended + ")");
      Enqueued missed = sender.enqueue(MAIL, "while away");
      assertRun(sender, missed, "while away");

      Soon.until("it listens again", () -> listener(other) > 0 && listener(other) != ended);
      assertRun(sender, sender.enqueue(MAIL, "after"), "after");
      assertThat(engine.health().isUp()).isTrue();
    }
  }

  @Test
  void anEngineThatStopsListensNoMoreAndGivesItsConnectionsBack() throws Exception {
    try (HikariDataSource pool = Pools.of(PostgresServer.V18.url());
        HikariDataSource other = Pools.of(PostgresServer.V18.url())) {
      Jobs engine = engine(pool, options, Duration.ofHours(1)).start();
      Soon.until("it listens", () -> listener(other) > 0);

      engine.close();

      Soon.until("nobody listens", () -> listener(other) == 0);
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }
  }

  @Test
  void switchedOffItPollsAndNothingListens() throws Exception {
    JdbcStoreOptions off =
        JdbcStoreOptions.builder()
            .tablePrefix(options.tablePrefix())
            .wakeUps(WakeUpMode.NEVER)
            .build();
    try (HikariDataSource pool = Pools.of(PostgresServer.V18.url());
        HikariDataSource other = Pools.of(PostgresServer.V18.url())) {
      JdbcJobStore.of(other, options);
      try (Jobs engine = engine(pool, off, Duration.ofMillis(20)).start();
          Jobs sender = Jobs.builder().store(JdbcJobStore.of(other, options)).enqueueOnly()) {
        assertRun(sender, sender.enqueue(MAIL, "m"), "m");
        assertThat(listener(other)).isZero();
        assertThat(engine.health().isUp()).isTrue();
      }
    }
  }
}
