package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.NewJob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A claim writes no index, whatever its jobs have to say: it is a HOT update of each row. */
class HotClaimTest {

  private final JdbcStoreOptions options = Databases.newTables();
  private HikariDataSource pool;
  private JdbcJobStore store;
  private EngineId engine;

  private void open(PostgresServer server) {
    pool = Pools.of(server.url());
    store = JdbcJobStore.of(pool, options);
    engine = Steps.engine(store);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private PostgresClaims claims(Sql sql) {
    return new PostgresClaims(new Transactions(pool), sql);
  }

  private Sql sql() {
    return Sql.of(options, new PostgresDialect(), new PostgresDialect().now());
  }

  private static List<NewJob> fullJobs(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              NewJob job = Steps.job();
              return NewJob.builder(job.id(), job.type(), job.queue(), job.payload())
                  .tenant("tenant " + i % 7)
                  .tags(Set.of("red", "order " + i))
                  .headers(Map.of("traceparent", "00-" + job.id() + "-00f067aa0ba902b7-01"))
                  .uniqueKey(new UniqueKey("key " + i, Duration.ofHours(1)))
                  .maxAttempts(5)
                  .build();
            })
        .toList();
  }

  private static String updates(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT n_tup_upd || ' updated, ' || n_tup_hot_upd || ' of them hot'"
                    + " FROM pg_stat_xact_user_tables WHERE relname = '"
                    + table
                    + "'")) {
      row.next();
      return row.getString(1);
    }
  }

  private String updatesOfClaim(ClaimRequest request) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(claims(sql()).statement())) {
      connection.setAutoCommit(false);
      PostgresClaims.bind(statement, request, List.of(), Marks.Walk.WHOLE);
      statement.execute();
      String updates = updates(connection, options.tablePrefix() + "job");
      connection.commit();
      return updates;
    }
  }

  private String updatesOfSteppedClaim(ClaimRequest request) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      Sql sql = sql();
      new SteppedClaims(sql).claim(connection, request, claims(sql));
      String updates = updates(connection, options.tablePrefix() + "job");
      connection.commit();
      return updates;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClaimWritesNoIndex(PostgresServer server) throws SQLException {
    open(server);
    store.insert(Stream.generate(Steps::job).limit(200).toList());

    assertThat(updatesOfClaim(Steps.claimOf(engine, 200)))
        .isEqualTo("200 updated, 200 of them hot");
  }

  @ParameterizedTest
  @EnumSource
  void aClaimOfJobsThatHaveMuchToSayWritesNoIndex(PostgresServer server) throws SQLException {
    open(server);
    store.insert(fullJobs(200));

    assertThat(updatesOfClaim(Steps.claimOf(engine, 200)))
        .isEqualTo("200 updated, 200 of them hot");
  }

  @ParameterizedTest
  @EnumSource
  void aClaimByTurnsWritesNoIndex(PostgresServer server) throws SQLException {
    open(server);
    store.insert(fullJobs(200));

    assertThat(updatesOfSteppedClaim(Steps.turnOf(engine, 200)))
        .isEqualTo("200 updated, 200 of them hot");
  }
}
