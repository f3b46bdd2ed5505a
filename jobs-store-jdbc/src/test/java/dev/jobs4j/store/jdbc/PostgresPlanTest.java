package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A claim reads what it takes, whatever else lies in the table and whatever the planner believes.
 */
class PostgresPlanTest {

  private static final Pattern BUFFERS =
      Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");

  /** The few pauses there are, each looked at by every scope. */
  private static final Pattern PAUSES =
      Pattern.compile("CTE Scan on paused.*\\n.*Filter:.*\\n.*Rows Removed by Filter.*\\n");

  private static final String COPIES =
      """
      INSERT INTO {p}job (id, token, run_at, created_at, attempt, crashes, type_version, waits,
          priority, suspect, cancel_requested, state, block_reason, queue, type, codec, payload)
      SELECT gen_random_uuid(), 0, now() + %s, now(), 0, 0, 1, %s, 1 + n %% 5, false, false,
             'PENDING', %s, 'work', 'work.do', 'json', '{}'
        FROM generate_series(1, %d) AS s (n)
      """;

  @ParameterizedTest
  @EnumSource
  void aClaimOverManyJobsThatAreNotDueOrWaitReadsOnlyItsIndex(PostgresServer server)
      throws SQLException {
    JdbcStoreOptions options = Databases.newTables();
    String p = options.tablePrefix();
    String copies = COPIES.replace("{p}", p);
    try (HikariDataSource pool = Pools.of(server.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      Steps.insert(store);
      Steps.execute(
          pool,
          copies.formatted("interval '1 day' + n * interval '1 ms'", "0", "NULL", 100_000),
          copies.formatted("interval '-1 day'", "1", "'PARENTS'", 20_000),
          "UPDATE " + p + "job SET limits = 'a/b' WHERE run_at > now() AND id::text < '4'");

      assertReadsOnlyItsIndex(
          planOfClaim(pool, options, store, "force_generic_plan", Marks.Walk.WHOLE), p);
      Steps.execute(pool, "ANALYZE " + p + "job");
      assertReadsOnlyItsIndex(
          planOfClaim(pool, options, store, "force_generic_plan", Marks.Walk.WHOLE), p);
      assertReadsOnlyItsIndex(
          planOfClaim(pool, options, store, "force_custom_plan", Marks.Walk.WHOLE), p);

      Pauses pauses = store.pauses().orElseThrow();
      Operator ann = new Operator("ann", "provider is down");
      pauses.pause(Pause.tenant("acme"), ann);
      Steps.execute(pool, "ANALYZE " + p + "pause");
      assertReadsOnlyItsIndex(
          planOfClaim(pool, options, store, "force_generic_plan", Marks.Walk.WHOLE), p);
      assertReadsOnlyItsIndex(
          planOfClaim(pool, options, store, "force_custom_plan", Marks.Walk.WHOLE), p);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClaimBehindAMarkReadsNothingThatLiesBefore(PostgresServer server) throws SQLException {
    JdbcStoreOptions options = Databases.newTables();
    String p = options.tablePrefix();
    try (HikariDataSource pool = Pools.of(server.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      Steps.insert(store);
      Steps.execute(
          pool,
          COPIES.replace("{p}", p).formatted("interval '-2 days'", "0", "NULL", 20_000),
          "UPDATE " + p + "job SET type = 'no.body' WHERE run_at < now() - interval '1 day'",
          "VACUUM ANALYZE " + p + "job");
      Instant yesterday = Instant.now().minus(Duration.ofDays(1));
      Marks.Mark mark = Marks.Mark.of(yesterday, new UUID(0, 0));
      Marks.Walk walk = new Marks.Walk(Collections.nCopies(5, mark), 0);

      for (String mode : List.of("force_generic_plan", "force_custom_plan")) {
        assertReadsOnlyItsIndex(planOfClaim(pool, options, store, mode, walk), p);
        assertThat(planOfClaim(pool, options, store, mode, Marks.Walk.WHOLE))
            .contains("Rows Removed by Filter");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClaimDoesNotWalkOverRunningJobsThatWereSetAside(PostgresServer server) throws SQLException {
    JdbcStoreOptions options = Databases.newTables();
    String p = options.tablePrefix();
    try (HikariDataSource pool = Pools.of(server.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      store.insert(Stream.generate(Steps::job).limit(300).toList());
      EngineId engine = Steps.engine(store);
      List<LeasedJob> running = store.claim(Steps.claimOf(engine, 300));
      Steps.insert(store);
      Steps.execute(pool, "VACUUM ANALYZE " + p + "job");
      assertThat(walkOfClaim(pool, options, store)).contains("Rows Removed by Filter");

      Sql sql = Sql.of(options, new PostgresDialect(), new PostgresDialect().now());
      new ClaimBook(new Transactions(pool), sql)
          .setAside(engine, running.stream().map(job -> job.id().value()).sorted().toList());

      assertThat(walkOfClaim(pool, options, store))
          .contains("on " + p + "job")
          .doesNotContain("Rows Removed by Filter");
    }
  }

  /** How a claim finds ordinary jobs. */
  private static String walkOfClaim(
      HikariDataSource pool, JdbcStoreOptions options, JdbcJobStore store) throws SQLException {
    String plan = planOfClaim(pool, options, store, "force_generic_plan", Marks.Walk.WHOLE);
    return plan.substring(plan.indexOf("CTE due"), plan.indexOf("CTE taken"));
  }

  @ParameterizedTest
  @EnumSource
  void aClaimByTurnsReadsWhatItTakes(PostgresServer server) throws SQLException {
    JdbcStoreOptions options = Databases.newTables();
    String table = options.tablePrefix() + "job";
    try (HikariDataSource pool = Pools.of(server.url());
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      ClaimRequest request = Steps.turnOf(Steps.crowd(JdbcJobStore.of(pool, options)), 10);
      Sql sql = Sql.of(options, new PostgresDialect(), new PostgresDialect().now());
      PostgresClaims claims = new PostgresClaims(new Transactions(pool), sql);
      Steps.execute(pool, "ANALYZE " + table);
      connection.setAutoCommit(false);
      for (String mode : List.of("force_generic_plan", "force_custom_plan")) {
        statement.execute("SET LOCAL plan_cache_mode = " + mode);
        List<LeasedJob> taken = new SteppedClaims(sql).claim(connection, request, claims);
        String read =
            lines(
                statement,
                "SELECT seq_scan || ' ' || idx_tup_fetch FROM pg_stat_xact_user_tables"
                    + " WHERE relname = '"
                    + table
                    + "'");
        connection.rollback();

        assertThat(taken).extracting(LeasedJob::tenant).hasSize(10).doesNotHaveDuplicates();
        assertThat(read).as("scans of the table").startsWith("0 ");
        assertThat(Integer.parseInt(read.substring(2).trim()))
            .as("rows read of 8080")
            .isLessThan(600);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyLimitsOfJobsThatItCanTakeMakeAClaimMoreThanOneStatement(PostgresServer server) {
    JdbcStoreOptions options = Databases.newTables();
    AtomicInteger connections = new AtomicInteger();
    try (HikariDataSource pool = Pools.of(server.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      JdbcJobStore counted = JdbcJobStore.of(counting(pool, connections), options);
      store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
      store.pauses().orElseThrow().pause(Pause.tenant("paused"), new Operator("ann", "late bills"));
      store.insert(Steps.jobsFor("paused", 1, Duration.ZERO, "carrier/dhl"));
      NewJob known = Steps.jobsFor("acme", 1, Duration.ZERO, "carrier/dhl").get(0);
      store.insert(
          List.of(
              NewJob.builder(new JobId(UUID.randomUUID()), "no.body", Steps.QUEUE, known.payload())
                  .limits(known.limits())
                  .build()));
      EngineId engine = Steps.engine(store);

      connections.set(0);
      assertThat(counted.claim(Steps.claimOf(engine, 10))).isEmpty();
      assertThat(connections).hasValue(1);

      store.insert(List.of(known));
      connections.set(0);
      assertThat(counted.claim(Steps.claimOf(engine, 10))).hasSize(1);
      assertThat(connections).hasValue(2);
    }
  }

  private static DataSource counting(DataSource pool, AtomicInteger connections) {
    return (DataSource)
        Proxy.newProxyInstance(
            PostgresPlanTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              connections.incrementAndGet();
              return method.invoke(pool, arguments);
            });
  }

  @ParameterizedTest
  @EnumSource
  void aSettlementGoesByKeyEvenIfNothingSeemsToRun(PostgresServer server) throws SQLException {
    JdbcStoreOptions options = Databases.newTables();
    String p = options.tablePrefix();
    try (HikariDataSource pool = Pools.of(server.url())) {
      JdbcJobStore.of(pool, options);
      Steps.execute(
          pool,
          COPIES.replace("{p}", p).formatted("interval '-1 day'", "0", "NULL", 20_000),
          "ANALYZE " + p + "job");
      Sql sql = Sql.of(options, new PostgresDialect(), new PostgresDialect().now());
      for (String settle : new PostgresSettleStep(sql, options.history()).statements()) {
        assertThat(genericPlan(pool, settle))
            .contains("Index Scan using " + p + "job_pkey on " + p + "job")
            .doesNotContain("Seq Scan on " + p + "job");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLookForWhatIsOverReadsNothingThatIsYoung(PostgresServer server) throws SQLException {
    JdbcStoreOptions options = Databases.newTables();
    String p = options.tablePrefix();
    try (HikariDataSource pool = Pools.of(server.url())) {
      JdbcJobStore.of(pool, options);
      String common =
          "gen_random_uuid(), 1, now(), now(), now(), 1, 0, 1, 3, false, 'q' || n % 3, 'work.do',"
              + " 'json', '{}'";
      String columns =
          " (id, token, run_at, created_at, finished_at, attempt, crashes, type_version, priority,"
              + " suspect, queue, type, codec, payload, ";
      String many = " FROM generate_series(1, 60000) AS s (n)";
      Steps.execute(
          pool,
          "INSERT INTO "
              + p
              + "history"
              + columns
              + "state) SELECT "
              + common
              + ", 'SUCCEEDED'"
              + many,
          "INSERT INTO "
              + p
              + "dead"
              + columns
              + "reason, error_class, error_message, error_stack,"
              + " fingerprint) SELECT "
              + common
              + ", 'REJECTED', '', '', '', 'f'"
              + many,
          "ANALYZE " + p + "history",
          "ANALYZE " + p + "dead");

      String day = "86400000000, 500";
      assertReadsLittle(pool, options, Pruning.OVER_IN_HISTORY, "'q1', 'SUCCEEDED', " + day);
      assertReadsLittle(pool, options, Pruning.OVER_IN_HISTORY, "'q1', 'CANCELLED', " + day);
      assertReadsLittle(pool, options, Pruning.OVER_IN_DEAD, "'q1', " + day);
      assertReadsLittle(pool, options, Pruning.NEXT_IN_HISTORY, "'q1'");
      assertReadsLittle(pool, options, Pruning.NEXT_IN_DEAD, "'q2'");
    }
  }

  private static void assertReadsLittle(
      HikariDataSource pool, JdbcStoreOptions options, String statement, String values)
      throws SQLException {
    Sql sql = Sql.of(options, new PostgresDialect(), new PostgresDialect().now());
    for (String mode : List.of("force_generic_plan", "force_custom_plan")) {
      try (Connection connection = pool.getConnection();
          Statement session = connection.createStatement()) {
        connection.setAutoCommit(false);
        session.execute("SET LOCAL plan_cache_mode = " + mode);
        prepare(session, sql.of(statement));
        String plan =
            lines(
                session, "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE planned (" + values + ")");
        session.execute("DEALLOCATE planned");
        connection.rollback();
        Matcher buffers = BUFFERS.matcher(plan);
        assertThat(buffers.find()).as(plan).isTrue();
        int read = buffers.group(2) == null ? 0 : Integer.parseInt(buffers.group(2));
        assertThat(Integer.parseInt(buffers.group(1)) + read)
            .as("pages of\n%s", plan)
            .isLessThan(12);
      }
    }
  }

  private static String genericPlan(HikariDataSource pool, String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET LOCAL plan_cache_mode = force_generic_plan");
      statement.execute("SET LOCAL enable_bitmapscan = off"); // as a settlement does
      int parameters = prepare(statement, sql);
      String nulls = String.join(", ", Collections.nCopies(parameters, "NULL"));
      String plan = lines(statement, "EXPLAIN (COSTS OFF) EXECUTE planned (" + nulls + ")");
      statement.execute("DEALLOCATE planned");
      connection.rollback();
      return plan;
    }
  }

  /** Numbers the parameters as PostgreSQL writes them; returns how many there are. */
  private static int prepare(Statement statement, String sql) throws SQLException {
    String numbered = sql;
    int count = 0;
    while (numbered.contains("?")) {
      count++;
      numbered = numbered.replaceFirst("\\?", "\\$" + count);
    }
    statement.execute("PREPARE planned AS " + numbered);
    return count;
  }

  private static String lines(Statement statement, String explain) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (ResultSet row = statement.executeQuery(explain)) {
      while (row.next()) {
        plan.append(row.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  private static void assertReadsOnlyItsIndex(String plan, String p) {
    assertThat(PAUSES.matcher(plan).replaceAll(""))
        .contains("Index Scan using " + p + "job_claim on " + p + "job")
        .contains("Tid Scan on " + p + "job")
        .doesNotContain("Seq Scan on " + p + "job")
        .as("what is read is taken")
        .doesNotContain("Rows Removed by Filter");
    assertThat(plan.lines().filter(line -> line.contains("Sort Key")).toList())
        .as("only what was taken is sorted")
        .hasSize(1);
    Matcher buffers = BUFFERS.matcher(plan);
    assertThat(buffers.find()).isTrue();
    assertThat(Integer.parseInt(buffers.group(1))).as("pages of\n%s", plan).isLessThan(150);
  }

  /** Through PREPARE: only an executed name is planned without its values. */
  private static String planOfClaim(
      HikariDataSource pool,
      JdbcStoreOptions options,
      JdbcJobStore store,
      String planCacheMode,
      Marks.Walk walk)
      throws SQLException {
    Sql sql = Sql.of(options, new PostgresDialect(), new PostgresDialect().now());
    String engine = "'" + Steps.engine(store) + "'";
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET LOCAL plan_cache_mode = " + planCacheMode);
      prepare(statement, new PostgresClaims(new Transactions(pool), sql).statement());
      String plan =
          lines(
              statement,
              "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE planned (%s, 'work', '{work.do}', 'work', '{}', true, 'work', 'work', true, 'work',"
                      .formatted(engine)
                  + "  '{}', %1$s, 'work', '{}', 50, 50, 50, 50, %2$s, gen_random_uuid(), %2$s,"
                      .formatted(levels(walk), engine)
                  + " gen_random_uuid(), %s, '{}', 0)".formatted(engine));
      statement.execute("DEALLOCATE planned");
      connection.rollback();
      return plan;
    }
  }

  private static String levels(Marks.Walk walk) {
    return "'{%s}', '{%s}'"
        .formatted(
            String.join(",", walk.moments()),
            walk.ids().stream().map(UUID::toString).collect(Collectors.joining(",")));
  }
}
