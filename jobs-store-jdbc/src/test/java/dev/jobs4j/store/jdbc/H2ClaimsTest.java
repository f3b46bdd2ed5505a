package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.FairTurn;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a claim on H2 reads and whom it waits for. */
class H2ClaimsTest {

  private static final Pattern SCANS = Pattern.compile("scanCount: (\\d+)");

  private HikariDataSource pool;
  private JdbcJobStore store;

  @BeforeEach
  void openStore() {
    pool = Databases.H2.open();
    store = JdbcJobStore.of(pool);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void aClaimGoesOnBehindWhatOthersHold() throws SQLException {
    List<JobId> jobs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      jobs.add(Steps.insert(store));
    }
    try (Connection other = pool.getConnection();
        PreparedStatement lock =
            other.prepareStatement("SELECT id FROM jobs_job WHERE id = ? FOR UPDATE")) {
      other.setAutoCommit(false);
      for (JobId held : jobs.subList(0, 3)) {
        lock.setObject(1, held.value());
        lock.executeQuery();
      }

      assertThat(Steps.claim(store, 1)).extracting(LeasedJob::id).containsExactly(jobs.get(3));
      assertThat(Steps.claim(store, 10)).extracting(LeasedJob::id).containsExactly(jobs.get(4));
      other.rollback();
    }
    assertThat(Steps.claim(store, 10)).as("once they are free").hasSize(3);
  }

  @Test
  void aClaimReadsAsManyJobsAsItTakes() throws SQLException {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      jobs.add(Steps.job());
    }
    store.insert(jobs);
    Sql sql = Sql.of(JdbcStoreOptions.defaults(), new H2Dialect(), new H2Dialect().now());
    String due = new H2Claims(new Transactions(pool), sql).statement();
    try (Connection connection = pool.getConnection();
        PreparedStatement explain = connection.prepareStatement("EXPLAIN ANALYZE " + due)) {
      explain.setString(1, Steps.QUEUE.name());
      explain.setInt(2, 0);
      explain.setInt(3, 3);
      explain.setArray(4, connection.createArrayOf("varchar", new Object[] {Steps.TYPE}));
      explain.setArray(5, connection.createArrayOf("varchar", new Object[] {}));
      explain.setArray(6, connection.createArrayOf("varchar", new Object[] {}));
      explain.setInt(7, 10);
      explain.setInt(8, 0);
      try (ResultSet row = explain.executeQuery()) {
        row.next();
        assertThat(row.getString(1))
            .contains("index sorted")
            .contains("JOBS_JOB_CLAIM")
            .contains("scanCount: 10 ");
      }
    }
  }

  @Test
  void whatDoesNotStartTakesNoPermit() throws SQLException {
    store.limits().orElseThrow().define(JobLimit.running("carrier", 2));
    store.insert(Steps.jobsFor("acme", 4, Duration.ZERO, "carrier/dhl"));
    Sql sql = Sql.of(JdbcStoreOptions.defaults(), new H2Dialect(), new H2Dialect().now());
    Transactions transactions = new Transactions(pool);
    H2Claims claims = new H2Claims(transactions, sql);
    ClaimSteps losing = new LosingTheFirst(claims);
    ClaimRequest request = Steps.claimOf(Steps.engine(store), 10);

    assertThat(new SteppedClaims(sql).claim(transactions, request, losing)).hasSize(2);
    assertThat(Steps.claim(store, 10)).isEmpty();
  }

  /** A job that was found is another's when it is to be started. */
  private static final class LosingTheFirst implements ClaimSteps {
    private final ClaimSteps good;
    private boolean lost;

    LosingTheFirst(ClaimSteps good) {
      this.good = good;
    }

    @Override
    public boolean isLive(Connection connection, ClaimRequest request) throws SQLException {
      return good.isLive(connection, request);
    }

    @Override
    public Held held(Connection connection, ClaimRequest request) throws SQLException {
      return good.held(connection, request);
    }

    @Override
    public List<Candidate> lockDue(Connection connection, ClaimRequest request, Held held)
        throws SQLException {
      return good.lockDue(connection, request, held);
    }

    @Override
    public List<LeasedJob> start(Connection connection, ClaimRequest request, List<LeasedJob> jobs)
        throws SQLException {
      List<LeasedJob> rest = lost ? jobs : jobs.subList(1, jobs.size());
      lost = true;
      return good.start(connection, request, rest);
    }
  }

  @Test
  void aClaimByTurnsReadsAsManyJobsAsItTakes() throws SQLException {
    EngineId engine = Steps.crowd(store);
    ClaimRequest request = Steps.turnOf(engine, 10);
    FairTurn turn = Objects.requireNonNull(request.turn());
    Sql sql = Sql.of(JdbcStoreOptions.defaults(), new H2Dialect(), new H2Dialect().now());
    TurnFeed feed = new TurnFeed(sql);
    AtomicInteger scanned = new AtomicInteger();
    try (Connection connection = pool.getConnection()) {
      Connection counting = counting(connection, scanned);
      assertThat(feed.lockDue(counting, request, turn, new Held())).hasSize(10);
      assertThat(scanned.getAndSet(0)).as("rows read for those that are free").isBetween(20, 600);
      assertThat(
              feed.findWaiting(counting, request, turn, new Held(), LimitKey.parse("carrier/dhl")))
          .hasSize(10);
      assertThat(scanned.get()).as("rows read for those that wait").isBetween(20, 600);
    }
  }

  @Test
  void aClaimByTurnsThatFindsNothingDueLooksAtFewTenants() throws SQLException {
    for (int i = 0; i < 100; i++) {
      store.insert(Steps.jobsFor("late" + i, 1, Duration.ofDays(1)));
    }
    ClaimRequest request = Steps.turnOf(Steps.engine(store), 10);
    FairTurn turn = Objects.requireNonNull(request.turn());
    Sql sql = Sql.of(JdbcStoreOptions.defaults(), new H2Dialect(), new H2Dialect().now());
    AtomicInteger scanned = new AtomicInteger();
    try (Connection connection = pool.getConnection()) {
      Connection counting = counting(connection, scanned);
      assertThat(new TurnFeed(sql).lockDue(counting, request, turn, new Held())).isEmpty();
    }
    assertThat(scanned.get()).as("rows read of 100").isLessThan(50);
  }

  /** Runs each statement with its plan before, and adds up how many rows that has read. */
  private static Connection counting(Connection connection, AtomicInteger scanned) {
    return (Connection)
        Proxy.newProxyInstance(
            H2ClaimsTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) ->
                method.getName().equals("prepareStatement")
                    ? counting(connection, (String) arguments[0], scanned)
                    : method.invoke(connection, arguments));
  }

  private static PreparedStatement counting(
      Connection connection, String sql, AtomicInteger scanned) throws SQLException {
    PreparedStatement run = connection.prepareStatement(sql);
    PreparedStatement explain = connection.prepareStatement("EXPLAIN ANALYZE " + sql);
    return (PreparedStatement)
        Proxy.newProxyInstance(
            H2ClaimsTest.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (proxy, method, arguments) -> {
              if (method.getName().startsWith("set")) {
                method.invoke(explain, arguments);
              } else if (method.getName().equals("executeQuery")) {
                try (ResultSet row = explain.executeQuery()) {
                  row.next();
                  SCANS
                      .matcher(row.getString(1))
                      .results()
                      .forEach(scan -> scanned.addAndGet(Integer.parseInt(scan.group(1))));
                }
              }
              return method.invoke(run, arguments);
            });
  }
}
