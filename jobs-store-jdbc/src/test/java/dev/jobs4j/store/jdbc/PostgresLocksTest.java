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
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.History;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  private void lock(Connection connection, String table, Object id) throws SQLException {
    connection.setAutoCommit(false);
    connection
        .createStatement()
        .execute(
            "SELECT FROM " + options.tablePrefix() + table + " WHERE id = '" + id + "' FOR UPDATE");
  }

  private String update(String change, Object job) {
    return "UPDATE " + options.tablePrefix() + "job SET " + change + " WHERE id = '" + job + "'";
  }

  /** A claim that has its snapshot and waits before it looks for jobs, while this is done. */
  private List<LeasedJob> claimAround(ClaimRequest request, Callable<?> meanwhile)
      throws Exception {
    try (Connection fencing = pool.getConnection()) {
      lock(fencing, "engine", request.engine());
      Future<List<LeasedJob>> claiming = threads.submit(() -> store.claim(request));
      assertThat(isBlocked(claiming)).as("the claim waits").isTrue();
      meanwhile.call();
      fencing.rollback();
      return claiming.get(10, TimeUnit.SECONDS);
    }
  }

  private List<JobId> insert(int count) {
    return Stream.generate(() -> Steps.insert(store)).limit(count).toList();
  }

  private static List<JobId> ids(List<LeasedJob> jobs) {
    return jobs.stream().map(LeasedJob::id).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "priority = 1",
        "priority = 5",
        "tags = 'red'",
        "run_at = run_at - interval '1 minute'",
        "crashes = 1"
      })
  void aJobThatChangesWhileAClaimIsUnderWayIsTakenOnce(String change) throws Exception {
    List<JobId> jobs = insert(3);
    EngineId engine = Steps.engine(store);

    List<LeasedJob> taken =
        new ArrayList<>(
            claimAround(
                Steps.claimOf(engine, 3),
                () -> {
                  Steps.execute(pool, update(change, jobs.get(1)));
                  return change;
                }));
    taken.addAll(store.claim(Steps.claimOf(engine, 10)));

    assertThat(ids(taken)).containsExactlyInAnyOrderElementsOf(jobs);
    assertThat(taken).extracting(LeasedJob::attempt).containsOnly(1);
    assertThat(store.held(engine))
        .containsExactlyInAnyOrderElementsOf(
            taken.stream().map(job -> (TokenLease) job.lease()).toList());
  }

  @Test
  void aJobThatAnotherClaimTakesWhileOneIsUnderWayIsTakenOnce() throws Exception {
    List<JobId> jobs = insert(3);
    EngineId engine = Steps.engine(store);
    List<LeasedJob> others = new ArrayList<>();

    List<LeasedJob> taken =
        claimAround(Steps.claimOf(engine, 10), () -> others.addAll(Steps.claim(store, 2)));

    assertThat(others).hasSize(2);
    assertThat(ids(taken)).doesNotContainAnyElementsOf(ids(others)).hasSize(1);
    assertThat(jobs).containsAll(ids(taken));
    assertThat(store.held(engine)).hasSize(1);
  }

  @Test
  void aClaimPassesOverAJobThatIsLockedAndTakesItLater() throws Exception {
    List<JobId> jobs = insert(3);
    EngineId engine = Steps.engine(store);
    try (Connection other = pool.getConnection()) {
      lock(other, "job", jobs.get(0));
      other.createStatement().execute(update("priority = 1", jobs.get(0)));

      Future<List<LeasedJob>> claiming =
          threads.submit(() -> store.claim(Steps.claimOf(engine, 10)));
      assertThat(isBlocked(claiming)).as("the claim waits").isFalse();
      assertThat(ids(claiming.get(10, TimeUnit.SECONDS)))
          .containsExactlyElementsOf(jobs.subList(1, 3));
      other.commit();
    }
    assertThat(ids(store.claim(Steps.claimOf(engine, 10)))).containsExactly(jobs.get(0));
  }

  @ParameterizedTest
  @EnumSource
  void aSettlementThatWaitsForATakeBackTellsThatItsLeaseIsLost(History history) throws Exception {
    JdbcJobStore settler = sameTables(history);
    insert(3);
    List<LeasedJob> jobs = Steps.claim(store, 3);
    try (Connection other = pool.getConnection()) {
      lock(other, "job", jobs.get(1).id());
      other.createStatement().execute(update("token = token + 1", jobs.get(1).id()));

      Future<Set<TokenLease>> settling = threads.submit(() -> settler.settle(succeeded(jobs)));
      assertThat(isBlocked(settling)).as("the settlement waits").isTrue();
      other.commit();

      assertThat(settling.get(10, TimeUnit.SECONDS))
          .containsExactly((TokenLease) jobs.get(1).lease());
    }
    assertThat(Steps.number(pool, "SELECT COUNT(*) FROM " + options.tablePrefix() + "job")).isOne();
  }

  private JdbcJobStore sameTables(History history) {
    return JdbcJobStore.of(
        pool,
        JdbcStoreOptions.builder().tablePrefix(options.tablePrefix()).history(history).build());
  }

  private static List<Settlement> succeeded(List<LeasedJob> jobs) {
    return jobs.stream().map(job -> new Settlement(job.lease(), Steps.succeeded())).toList();
  }

  /** Where the rows lie in the reverse order of their ids. */
  private List<LeasedJob> runningBackwards(int count) {
    Steps.insert(store);
    List<JobId> ids =
        Stream.generate(() -> new JobId(UUID.randomUUID()))
            .limit(count)
            .sorted(Comparator.reverseOrder())
            .toList();
    for (JobId id : ids) {
      NewJob job = Steps.job();
      store.insert(List.of(NewJob.builder(id, job.type(), job.queue(), job.payload()).build()));
    }
    List<LeasedJob> jobs =
        Steps.claim(store, count + 1).stream().filter(job -> ids.contains(job.id())).toList();
    assertThat(jobs).hasSize(count);
    return jobs.stream().sorted(Comparator.comparing(LeasedJob::id)).toList();
  }

  /** The caller locks parents in order of id, as all do who enqueue behind several. */
  private void settleWhileACallerWaitsForBoth(JdbcJobStore settler, List<LeasedJob> jobs)
      throws Exception {
    NewJob first = Steps.after(jobs.get(0).id());
    NewJob last = Steps.after(jobs.get(jobs.size() - 1).id());
    try (Connection caller = pool.getConnection()) {
      caller.setAutoCommit(false);
      store.insert(List.of(first), JdbcJobStore.transaction(caller));

      Future<Set<TokenLease>> settling = threads.submit(() -> settler.settle(succeeded(jobs)));
      assertThat(isBlocked(settling)).as("the settlement waits").isTrue();
      caller // otherwise each would wait for the other, and one of them had to start again
          .createStatement()
          .execute(
              "SELECT FROM "
                  + options.tablePrefix()
                  + "job WHERE id = '"
                  + jobs.get(jobs.size() - 1).id()
                  + "' FOR KEY SHARE NOWAIT");
      store.insert(List.of(last), JdbcJobStore.transaction(caller));
      caller.commit();

      assertThat(settling.get(10, TimeUnit.SECONDS)).isEmpty();
    }
    assertThat(ids(Steps.claim(store, 10))).containsExactlyInAnyOrder(first.id(), last.id());
  }

  @ParameterizedTest
  @EnumSource
  void aSettlementLocksItsJobsInOrderOfIdWhereverTheyLie(History history) throws Exception {
    settleWhileACallerWaitsForBoth(sameTables(history), runningBackwards(10));
  }

  @ParameterizedTest
  @EnumSource
  void aSettlementLocksItsJobsInOrderOfIdEvenIfThereAreFewOthers(History history) throws Exception {
    List<LeasedJob> jobs = runningBackwards(10);
    Steps.execute(pool, "VACUUM ANALYZE " + options.tablePrefix() + "job");

    settleWhileACallerWaitsForBoth(sameTables(history), jobs);
  }

  @Test
  void theRowOfAClaimStaysWhileTheSettlementOfAPartOfItWaits() throws Exception {
    insert(4);
    EngineId engine = Steps.engine(store);
    List<LeasedJob> jobs = store.claim(Steps.claimOf(engine, 10));
    String rows = "SELECT COUNT(*) FROM " + options.tablePrefix() + "claim";
    try (Connection other = pool.getConnection()) {
      lock(other, "job", jobs.get(0).id());
      Future<Set<TokenLease>> waiting =
          threads.submit(() -> store.settle(succeeded(jobs.subList(0, 2))));
      assertThat(isBlocked(waiting)).as("the settlement waits").isTrue();

      assertThat(store.settle(succeeded(jobs.subList(2, 4)))).isEmpty();
      store.claim(Steps.claimOf(engine, 10));
      assertThat(Steps.number(pool, rows)).isOne();
      other.rollback();
      assertThat(waiting.get(10, TimeUnit.SECONDS)).isEmpty();
    }
    store.claim(Steps.claimOf(engine, 10));
    assertThat(Steps.number(pool, rows)).isZero();
  }
}
