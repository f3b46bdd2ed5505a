package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Retention;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who waits for whom on MariaDB: each case holds one transaction open in mid-way. The tables are
 * small, which is when its planner walks all of one rather than its key.
 */
class MySqlLocksTest {

  private final JdbcStoreOptions options = Databases.newTables();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HikariDataSource pool;
  private JdbcJobStore store;

  @BeforeAll
  static void findServer() {
    MySqlDriver.MARIADB.requireServer(MySqlLocksTest.class);
  }

  @BeforeEach
  void openStore() {
    pool = Databases.MARIADB.open();
    store = JdbcJobStore.of(pool, options);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    if (pool != null) {
      pool.close();
    }
  }

  private MySqlClaims claims() {
    MySqlDialect dialect = new MySqlDialect(MySqlProduct.MARIADB);
    return new MySqlClaims(new Transactions(pool), Sql.of(options, dialect, dialect.now()));
  }

  private static void begin(Connection connection, int isolation) throws SQLException {
    connection.setTransactionIsolation(isolation);
    connection.setAutoCommit(false);
  }

  private int claimWithoutCommit(Connection connection, ClaimRequest request) throws SQLException {
    begin(connection, Connection.TRANSACTION_READ_COMMITTED);
    MySqlClaims claims = claims();
    return claims.take(connection, request, claims.look(connection, request)).size();
  }

  /**
   * Waits until a statement on our tables waits for a lock; false if the work ended before. The
   * server looks anew only when nobody has asked it for a tenth of a second.
   */
  private boolean isBlocked(Future<?> work) {
    String waiting =
        "SELECT COUNT(*) FROM information_schema.innodb_trx"
            + " WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE '%"
            + options.tablePrefix()
            + "%'";
    while (!work.isDone()) {
      if (Steps.number(pool, waiting) > 0) {
        return true;
      }
      LockSupport.parkNanos(120_000_000);
    }
    return false;
  }

  private EngineId expiredEngine() {
    EngineId engine = Steps.engine(store);
    Steps.execute(
        pool,
        "UPDATE "
            + options.tablePrefix()
            + "engine SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 HOUR");
    return engine;
  }

  private Reaped reap() {
    return store.reap(new ReapRequest(Duration.ZERO, 100, 3));
  }

  /** So many that a planner would rather read the whole table. */
  private static List<NewJob> uniques() {
    return IntStream.range(0, 9).mapToObj(i -> unique("many-" + i)).toList();
  }

  private static NewJob unique(String key) {
    return Steps.job().toBuilder().uniqueKey(new UniqueKey(key, Duration.ZERO)).build();
  }

  @Test
  void aFencePassesOverAnEngineWhoseClaimIsInFlightAndComesBackToIt() throws Exception {
    EngineId engine = expiredEngine();
    JobId job = Steps.insert(store);
    try (Connection inFlight = pool.getConnection()) {
      assertThat(claimWithoutCommit(inFlight, Steps.claimOf(engine, 10))).isEqualTo(1);

      Reaped none = threads.submit(this::reap).get(10, TimeUnit.SECONDS);
      assertThat(none.fenced()).as("its process may be paused: nobody waits for it").isEmpty();
      inFlight.commit();
    }
    Reaped reaped = reap();
    assertThat(reaped.fenced()).containsExactly(engine);
    assertThat(reaped.returned()).containsExactly(job);
    assertThat(store.held(engine)).isEmpty();
  }

  @Test
  void aClaimThatMeetsAFenceWaitsForItAndGetsNothing() throws Exception {
    EngineId engine = expiredEngine();
    JobId job = Steps.insert(store);
    try (Connection fencing = pool.getConnection()) {
      begin(fencing, Connection.TRANSACTION_READ_COMMITTED);
      fencing
          .createStatement()
          .execute("UPDATE " + options.tablePrefix() + "engine SET state = 'FENCED'");

      Future<List<LeasedJob>> claiming =
          threads.submit(() -> store.claim(Steps.claimOf(engine, 10)));
      assertThat(isBlocked(claiming)).as("the claim waits").isTrue();
      fencing.commit();

      assertThat(claiming.get(10, TimeUnit.SECONDS)).isEmpty();
      assertThat(store.records().find(job).orElseThrow().state()).isEqualTo(JobState.PENDING);
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
  void anUncommittedInsertIsClaimedByNobody() throws Exception {
    try (Connection caller = pool.getConnection()) {
      begin(caller, Connection.TRANSACTION_REPEATABLE_READ);
      store.insert(List.of(Steps.job()), JdbcJobStore.transaction(caller));

      assertThat(Steps.claim(store, 10)).isEmpty();
      caller.commit();
      assertThat(Steps.claim(store, 10)).hasSize(1);
    }
  }

  @Test
  void aParentThatSucceedsWaitsForAChildThatIsBeingStoredAndReleasesIt() throws Exception {
    JobId parent = Steps.insert(store);
    LeasedJob running = Steps.claim(store, 1).get(0);
    NewJob child = Steps.after(parent);
    try (Connection caller = pool.getConnection()) {
      begin(caller, Connection.TRANSACTION_REPEATABLE_READ);
      store.insert(List.of(child), JdbcJobStore.transaction(caller));

      Future<Set<TokenLease>> settling =
          threads.submit(() -> Steps.settle(store, running, Steps.succeeded()));
      assertThat(isBlocked(settling)).as("the settlement waits").isTrue();
      caller.commit();

      assertThat(settling.get(10, TimeUnit.SECONDS)).isEmpty();
      assertThat(Steps.claim(store, 10)).extracting(LeasedJob::id).containsExactly(child.id());
    }
  }

  /** Keys, parents and children in every table, next to rows that a caller has not committed. */
  @Test
  void nobodyWaitsForTheRowsOfStrangersInASmallTable() throws Exception {
    JobId strangersParent = Steps.insert(store);
    Steps.claim(store, 1);
    List<NewJob> parents = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      parents.add(unique("key-" + i));
    }
    store.insert(parents);
    List<LeasedJob> running = Steps.claim(store, 12);
    parents.forEach(parent -> store.insert(List.of(Steps.after(parent.id()))));
    EngineId expired = expiredEngine();
    try (Connection stranger = pool.getConnection();
        Connection engines = pool.getConnection()) {
      begin(stranger, Connection.TRANSACTION_READ_COMMITTED);
      NewJob child = Steps.after(strangersParent);
      store.insert(
          List.of(child.toBuilder().uniqueKey(new UniqueKey("key-x", Duration.ZERO)).build()),
          JdbcJobStore.transaction(stranger));
      claimWithoutCommit(engines, Steps.claimOf(Steps.engine(store), 10));

      Future<Set<TokenLease>> settling =
          threads.submit(
              () ->
                  store.settle(
                      running.stream()
                          .map(job -> new Settlement(job.lease(), Steps.succeeded()))
                          .toList()));
      assertThat(isBlocked(settling)).as("a settlement").isFalse();
      assertThat(settling.get()).isEmpty();
      store.insert(uniques());
      Future<List<Enqueued>> repeating = threads.submit(() -> store.insert(uniques()));
      assertThat(isBlocked(repeating)).as("an insert of keys that are taken").isFalse();
      assertThat(repeating.get()).allMatch(answer -> answer instanceof Enqueued.Existing);
      Future<?> reaping = threads.submit(this::reap);
      assertThat(isBlocked(reaping)).as("a reap").isFalse();
      assertThat(store.held(expired)).isEmpty();
      Future<?> inserting =
          threads.submit(
              () ->
                  store.insert(
                      List.of(unique("key-0"), unique("key-1"), unique("key-7"), unique("key-8"))));
      assertThat(isBlocked(inserting)).as("an insert").isFalse();
      inserting.get();
      Future<?> pruning =
          threads.submit(() -> store.prune(new PruneRequest(Retention.of(Duration.ZERO), 100)));
      assertThat(isBlocked(pruning)).as("a prune").isFalse();
      pruning.get();
      stranger.rollback();
      engines.rollback();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ})
  void anEnqueueThatFoundItsKeyTakenHoldsNobodyUp(int isolation) throws Exception {
    NewJob holder = unique("k");
    store.insert(List.of(holder));
    LeasedJob running = Steps.claim(store, 1).get(0);
    try (Connection caller = pool.getConnection()) {
      begin(caller, isolation);
      assertThat(store.insert(List.of(unique("k")), JdbcJobStore.transaction(caller)))
          .containsExactly(new Enqueued.Existing(holder.id()));

      Future<?> settling = threads.submit(() -> Steps.settle(store, running, Steps.succeeded()));
      assertThat(isBlocked(settling)).isFalse();
      settling.get();
      caller.rollback();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ})
  void aCallersTransactionLocksNoGaps(int isolation) throws Exception {
    JobId succeeded = Steps.insert(store);
    Steps.settle(store, Steps.claim(store, 1).get(0), Steps.succeeded());
    Steps.insert(store);
    Steps.insert(store);
    List<LeasedJob> running = Steps.claim(store, 2);
    Outcome dead = new Outcome.Dead(DeadReason.REJECTED, new Failure("E", "", ""));
    try (Connection caller = pool.getConnection()) {
      begin(caller, isolation);
      NewJob job = Steps.after(succeeded);
      store.insert(
          List.of(job.toBuilder().uniqueKey(new UniqueKey("m", Duration.ZERO)).build()),
          JdbcJobStore.transaction(caller));

      Future<?> others =
          threads.submit(
              () -> {
                for (String key : List.of("a", "l", "n", "z")) {
                  store.insert(List.of(unique(key)));
                }
                for (int i = 0; i < 20; i++) {
                  Steps.insert(store);
                }
                Steps.settle(store, running.get(0), dead);
                return Steps.settle(store, running.get(1), Steps.succeeded());
              });
      assertThat(isBlocked(others)).isFalse();
      others.get();
      caller.commit();
    }
  }

  @Test
  void aCallersOldSnapshotHidesNeitherAKeyNorASuccess() throws Exception {
    JobId parent = Steps.insert(store);
    LeasedJob running = Steps.claim(store, 1).get(0);
    try (Connection caller = pool.getConnection();
        Connection stranger = pool.getConnection()) {
      begin(caller, Connection.TRANSACTION_REPEATABLE_READ);
      begin(stranger, Connection.TRANSACTION_READ_COMMITTED);
      caller
          .createStatement()
          .executeQuery("SELECT COUNT(*) FROM " + options.tablePrefix() + "history")
          .close();
      List<NewJob> holders = uniques();
      store.insert(holders);
      Steps.settle(store, running, Steps.succeeded());
      store.insert(List.of(unique("not yet")), JdbcJobStore.transaction(stranger));

      Future<List<Enqueued>> repeating =
          threads.submit(() -> store.insert(uniques(), JdbcJobStore.transaction(caller)));
      assertThat(isBlocked(repeating)).as("by a key that it does not ask for").isFalse();
      assertThat(repeating.get())
          .extracting(Enqueued::id)
          .containsExactlyElementsOf(holders.stream().map(NewJob::id).toList());
      stranger.rollback();
      NewJob child = Steps.after(parent);
      assertThat(store.insert(List.of(child), JdbcJobStore.transaction(caller)))
          .containsExactly(new Enqueued.Created(child.id()));
      caller.commit();
      assertThat(Steps.claim(store, 10)).extracting(LeasedJob::id).hasSize(10).contains(child.id());
    }
  }

  @Test
  void workRunsReadCommittedWhateverThePoolSays() {
    String isolation =
        "SELECT trx_isolation_level = 'READ COMMITTED' AS so FROM information_schema.innodb_trx"
            + " WHERE trx_mysql_thread_id = CONNECTION_ID()";
    assertThat(Steps.number(pool, "SELECT @@tx_isolation = 'REPEATABLE-READ'")).isOne();
    boolean readCommitted =
        new Transactions(pool)
            .transaction(
                "Looking",
                connection -> {
                  String lock = "SELECT id FROM " + options.tablePrefix() + "engine FOR UPDATE";
                  connection.createStatement().executeQuery(lock).close();
                  try (ResultSet row = connection.createStatement().executeQuery(isolation)) {
                    return row.next() && row.getBoolean("so");
                  }
                });
    assertThat(readCommitted).isTrue();
  }

  @Test
  void aMigrationWaitsForAnother() throws Exception {
    SchemaMigrator migrator = SchemaMigrator.of(pool, options);
    String waiting =
        "SELECT COUNT(*) FROM information_schema.processlist WHERE state = 'User lock'";
    try (Connection other = pool.getConnection()) {
      SchemaLock lock =
          new MySqlDialect(MySqlProduct.MARIADB).lockSchema(other, options.tablePrefix());
      Future<?> migration = threads.submit(migrator::migrate);
      while (!migration.isDone() && Steps.number(pool, waiting) == 0) {
        Thread.onSpinWait();
      }
      assertThat(migration.isDone()).isFalse();
      lock.close();

      migration.get(10, TimeUnit.SECONDS);
    }
  }
}
