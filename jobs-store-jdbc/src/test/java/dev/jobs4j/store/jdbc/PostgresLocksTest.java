package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who waits for whom, seen from the server: each case holds one transaction open in mid-way. */
class PostgresLocksTest {

  private final JdbcStoreOptions options = Databases.newTables();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HikariDataSource pool;
  private JdbcJobStore store;

  @BeforeEach
  void openStore() {
    pool = Databases.POSTGRES_18.open();
    store = JdbcJobStore.of(pool, options);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    pool.close();
  }

  private PostgresClaims claims() {
    Sql sql = Sql.of(options, new PostgresDialect(), new PostgresDialect().now());
    return new PostgresClaims(new Transactions(pool), sql);
  }

  /** Runs the claim on a connection that stays open, and returns how many jobs it took. */
  private int claimWithoutCommit(Connection connection, ClaimRequest request) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement statement = connection.prepareStatement(claims().statement())) {
      PostgresClaims.bind(statement, request, List.of(), Marks.Walk.WHOLE);
      int count = 0;
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          count++;
        }
      }
      return count;
    }
  }

  /** Waits until a statement on our tables waits for a lock; false if the work ended before. */
  private boolean isBlocked(Future<?> work) {
    return isBlocked(work, options.tablePrefix());
  }

  private boolean isBlocked(Future<?> work, String statement) {
    String waiting =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"
            + statement
            + "%'";
    while (!work.isDone()) {
      if (Steps.number(pool, waiting) > 0) {
        return true;
      }
    }
    return false;
  }

  private EngineId expiredEngine() {
    EngineId engine = Steps.engine(store);
    Steps.execute(
        pool,
        "UPDATE "
            + options.tablePrefix()
            + "engine SET expires_at = now() - interval '1 hour' WHERE id = '"
            + engine
            + "'");
    return engine;
  }

  private Reaped reap() {
    return store.reap(new ReapRequest(Duration.ZERO, 100, 3));
  }

  @Test
  void aFenceWaitsForAClaimInFlightAndThenTakesItsJobsBack() throws Exception {
    EngineId engine = expiredEngine();
    JobId job = Steps.insert(store);
    try (Connection inFlight = pool.getConnection()) {
      assertThat(claimWithoutCommit(inFlight, Steps.claimOf(engine, 10))).isEqualTo(1);

      Future<Reaped> reaping = threads.submit(this::reap);
      assertThat(isBlocked(reaping)).as("the fence waits").isTrue();
      inFlight.commit();

      Reaped reaped = reaping.get(10, TimeUnit.SECONDS);
      assertThat(reaped.fenced()).containsExactly(engine);
      assertThat(reaped.returned()).containsExactly(job);
      assertThat(store.held(engine)).isEmpty();
    }
  }

  @Test
  void aClaimThatMeetsAFenceWaitsForItAndGetsNothing() throws Exception {
    EngineId engine = expiredEngine();
    JobId job = Steps.insert(store);
    String p = options.tablePrefix();
    try (Connection fencing = pool.getConnection()) {
      fencing.setAutoCommit(false);
      fencing
          .createStatement()
          .execute("SELECT id FROM " + p + "engine WHERE id = '" + engine + "' FOR UPDATE");
      fencing
          .createStatement()
          .execute("UPDATE " + p + "engine SET state = 'FENCED' WHERE id = '" + engine + "'");

      Future<List<LeasedJob>> claiming =
          threads.submit(() -> store.claim(Steps.claimOf(engine, 10)));
      assertThat(isBlocked(claiming)).as("the claim waits").isTrue();
      fencing.commit();

      assertThat(claiming.get(10, TimeUnit.SECONDS)).isEmpty();
      assertThat(store.records().find(job).orElseThrow().state()).isEqualTo(JobState.PENDING);
    }
  }

  @Test
  void aRenewalDoesNotWaitForAClaimInFlight() throws Exception {
    EngineId engine = Steps.engine(store);
    Steps.insert(store);
    try (Connection inFlight = pool.getConnection()) {
      claimWithoutCommit(inFlight, Steps.claimOf(engine, 10));

      Future<?> renewal = threads.submit(() -> store.renew(engine));

      assertThat(isBlocked(renewal)).isFalse();
      inFlight.rollback();
    }
  }

  @Test
  void aClaimLocksNoMoreThanItTakes() throws Exception {
    EngineId engine = Steps.engine(store);
    for (int i = 0; i < 5; i++) {
      Steps.insert(store);
    }
    try (Connection inFlight = pool.getConnection()) {
      assertThat(claimWithoutCommit(inFlight, Steps.claimOf(engine, 2))).isEqualTo(2);

      assertThat(Steps.claim(store, 10)).as("what is left").hasSize(3);
      inFlight.rollback();
    }
  }

  @Test
  void aParentThatSucceedsWaitsForAChildThatIsBeingStoredAndReleasesIt() throws Exception {
    JobId parent = Steps.insert(store);
    LeasedJob running = Steps.claim(store, 1).get(0);
    NewJob child = Steps.after(parent);
    try (Connection caller = pool.getConnection()) {
      caller.setAutoCommit(false);
      store.insert(List.of(child), JdbcJobStore.transaction(caller));

      Future<Set<TokenLease>> settling =
          threads.submit(() -> Steps.settle(store, running, Steps.succeeded()));
      assertThat(isBlocked(settling)).as("the settlement waits").isTrue();
      caller.commit();

      assertThat(settling.get(10, TimeUnit.SECONDS)).isEmpty();
      assertThat(Steps.claim(store, 10)).extracting(LeasedJob::id).containsExactly(child.id());
    }
  }

  @Test
  void aParentMayBeClaimedWhileAChildIsBeingStored() throws Exception {
    JobId parent = Steps.insert(store);
    try (Connection caller = pool.getConnection()) {
      caller.setAutoCommit(false);
      store.insert(List.of(Steps.after(parent)), JdbcJobStore.transaction(caller));

      assertThat(Steps.claim(store, 10)).extracting(LeasedJob::id).containsExactly(parent);
      caller.rollback();
    }
  }

  @Test
  void anUncommittedInsertIsClaimedByNobody() throws Exception {
    try (Connection caller = pool.getConnection()) {
      caller.setAutoCommit(false);
      store.insert(List.of(Steps.job()), JdbcJobStore.transaction(caller));

      assertThat(Steps.claim(store, 10)).isEmpty();
      caller.commit();
      assertThat(Steps.claim(store, 10)).hasSize(1);
    }
  }

  @Test
  void aMigrationWaitsForAnother() throws Exception {
    SchemaMigrator migrator = SchemaMigrator.of(pool, options);
    try (Connection other = pool.getConnection()) {
      other.setAutoCommit(false);
      new PostgresDialect().lockSchema(other, options.tablePrefix());

      Future<?> migration = threads.submit(migrator::migrate);
      assertThat(isBlocked(migration, "pg_advisory_xact_lock")).isTrue();
      other.commit();

      migration.get(10, TimeUnit.SECONDS);
    }
  }
}
