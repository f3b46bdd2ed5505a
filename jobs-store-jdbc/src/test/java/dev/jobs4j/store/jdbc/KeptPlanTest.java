package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The plan of a claim is made once for a connection, whatever is in the table. */
class KeptPlanTest {

  /** The driver has the server keep a statement from its fifth run on. */
  private static final int RUNS = 8;

  private static final String MANY =
      """
      INSERT INTO %sjob (id, token, run_at, created_at, attempt, crashes, type_version, waits,
          priority, suspect, cancel_requested, state, queue, type, codec, payload)
      SELECT gen_random_uuid(), 0, now() + interval '1 day', now(), 0, 0, 1, 0, 3, false, false,
             'PENDING', 'work', 'work.do', 'json', '{}'
        FROM generate_series(1, 20000)
      """;

  /** What this session has the server keep. */
  private static final String PLANS =
      """
      SELECT COALESCE(sum(%s), 0) FROM pg_prepared_statements
       WHERE statement LIKE '%%%sjob%%'
      """;

  private static final String SETTINGS =
      """
      SELECT count(*) FROM pg_settings
       WHERE source = 'session'
         AND (name LIKE 'enable%' OR name IN ('plan_cache_mode', 'jit'))
      """;

  @ParameterizedTest
  @EnumSource
  void aPlanMadeForAnEmptyTableServesAFullOne(PostgresServer server) {
    JdbcStoreOptions options = Databases.newTables();
    String p = options.tablePrefix();
    try (HikariDataSource pool = Pools.of(server.url());
        HikariDataSource one = Pools.of(server.url(), config -> config.setMaximumPoolSize(1))) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      EngineId engine = Steps.engine(store);
      Sql sql = Sql.of(options, new PostgresDialect(), new PostgresDialect().now());
      PostgresClaims claims = new PostgresClaims(new Transactions(one), sql);

      for (int i = 0; i < RUNS; i++) {
        assertThat(claims.claim(Steps.claimOf(engine, 10))).isEmpty();
      }
      Steps.execute(pool, MANY.formatted(p));
      store.insert(Stream.generate(Steps::job).limit(RUNS).toList());
      List<LeasedJob> claimed = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        claimed.addAll(claims.claim(Steps.claimOf(engine, 1)));
      }

      assertThat(claimed).hasSize(RUNS);
      assertThat(Steps.number(one, PLANS.formatted("generic_plans", p))).isPositive();
      assertThat(Steps.number(one, PLANS.formatted("custom_plans", p))).isZero();
      Steps.execute(one, "SELECT pg_stat_force_next_flush()");
      Steps.execute(pool, "SELECT pg_stat_clear_snapshot()");
      assertThat(
              Steps.number(
                  pool, "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = '" + p + "job'"))
          .as("reads of the whole table")
          .isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionIsGivenBackAsItWas(PostgresServer server) {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool = Pools.of(server.url());
        HikariDataSource one = Pools.of(server.url(), config -> config.setMaximumPoolSize(1))) {
      JdbcJobStore store = JdbcJobStore.of(one, options);
      EngineId engine = Steps.engine(JdbcJobStore.of(pool, options));
      store.insert(List.of(Steps.job()));
      LeasedJob job = store.claim(Steps.claimOf(engine, 1)).get(0);
      store.settle(List.of(new Settlement(job.lease(), Steps.succeeded())));

      assertThat(Steps.number(one, SETTINGS)).isZero();
    }
  }
}
