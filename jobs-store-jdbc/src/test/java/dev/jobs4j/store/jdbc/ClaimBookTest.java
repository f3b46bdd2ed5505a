package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The running jobs of an engine are found by the rows of its claims, which stay as long as one of
 * the jobs runs, and not for ever.
 */
class ClaimBookTest {

  private static final Failure FAILURE = new Failure("E", "e", "");

  private final JdbcStoreOptions options = Databases.newTables();
  private final String p = options.tablePrefix();
  private HikariDataSource pool;
  private JdbcJobStore store;
  private EngineId engine;

  @BeforeEach
  void openStore() {
    pool = Databases.POSTGRES_18.open();
    store = JdbcJobStore.of(pool, options);
    engine = Steps.engine(store);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private long rows() {
    return Steps.number(pool, "SELECT COUNT(*) FROM " + p + "claim");
  }

  private long rows(ClaimRequest claim) {
    return Steps.number(
        pool, "SELECT COUNT(*) FROM " + p + "claim WHERE id = '" + claim.claimId() + "'");
  }

  private ClaimRequest request() {
    return Steps.claimOf(engine, 100);
  }

  private List<LeasedJob> claim() {
    return store.claim(request());
  }

  private void insert(int count) {
    store.insert(Stream.generate(Steps::job).limit(count).toList());
  }

  private static List<Settlement> all(List<LeasedJob> jobs, Outcome outcome) {
    return jobs.stream().map(job -> new Settlement(job.lease(), outcome)).toList();
  }

  private static List<TokenLease> leases(List<LeasedJob> jobs) {
    return jobs.stream().map(job -> (TokenLease) job.lease()).toList();
  }

  private void expire(EngineId dead) {
    Steps.execute(
        pool,
        "UPDATE "
            + p
            + "engine SET expires_at = now() - interval '1 hour' WHERE id = '"
            + dead
            + "'");
  }

  private Reaped reap(int limit) {
    return store.reap(new ReapRequest(Duration.ZERO, limit, 3));
  }

  static List<Outcome> outcomes() {
    return List.of(
        new Outcome.Succeeded(null),
        new Outcome.Succeeded(new Payload("json", new byte[] {'1'})),
        new Outcome.Retry(Duration.ZERO, FAILURE),
        new Outcome.Retry(Duration.ofDays(1), FAILURE),
        new Outcome.Snoozed(Duration.ofDays(1)),
        new Outcome.Dead(DeadReason.REJECTED, FAILURE),
        new Outcome.Cancelled(),
        new Outcome.Released());
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void theRowOfAClaimGoesWithTheClaimAfterItsLastJob(Outcome outcome) {
    insert(3);
    ClaimRequest first = request();
    List<LeasedJob> jobs = store.claim(first);

    store.settle(all(jobs.subList(0, 2), outcome));
    claim();
    assertThat(rows(first)).as("while one still runs").isOne();
    assertThat(store.held(engine)).contains((TokenLease) jobs.get(2).lease());

    store.settle(all(jobs.subList(2, 3), outcome));
    claim();
    assertThat(rows(first)).as("when none does").isZero();
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void theRowOfAClaimByTurnsGoesAsWell(Outcome outcome) {
    insert(3);
    ClaimRequest first = Steps.turnOf(engine, 100);
    List<LeasedJob> jobs = store.claim(first);

    store.settle(all(jobs.subList(0, 2), outcome));
    store.claim(Steps.turnOf(engine, 100));
    assertThat(rows(first)).as("while one still runs").isOne();

    store.settle(all(jobs.subList(2, 3), outcome));
    store.claim(Steps.turnOf(engine, 100));
    assertThat(rows(first)).as("when none does").isZero();
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void theRowOfAClaimOfLimitedJobsGoesAsWell(Outcome outcome) {
    store.limits().orElseThrow().define(JobLimit.running("carrier", 2));
    store.insert(Steps.jobsFor("acme", 3, Duration.ZERO, "carrier/dhl"));
    insert(1);
    ClaimRequest first = request();
    List<LeasedJob> jobs = store.claim(first);
    assertThat(jobs).hasSize(3);

    store.settle(all(jobs.subList(0, 2), outcome));
    claim();
    assertThat(rows(first)).as("while one still runs").isOne();

    store.settle(all(jobs.subList(2, 3), outcome));
    claim();
    assertThat(rows(first)).as("when none does").isZero();
  }

  @Test
  void aClaimOfManyStepsIsOneRowThatNamesAllItsJobs() {
    store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
    store.insert(Steps.jobsFor("acme", 20, Duration.ZERO, "carrier/dhl"));
    store.insert(Steps.jobsFor("acme", 20, Duration.ZERO, "carrier/ups"));

    List<LeasedJob> jobs = store.claim(Steps.claimOf(engine, 5));

    assertThat(jobs).as("the first five are of one key").hasSize(2);
    assertThat(rows()).isOne();
    assertThat(store.held(engine)).containsExactlyInAnyOrderElementsOf(leases(jobs));
  }

  @Test
  void aClaimThatFoundNothingLeavesNoRow() {
    claim();
    store.claim(Steps.turnOf(engine, 10));

    assertThat(rows()).isZero();
  }

  @Test
  void theRowOfAClaimWhoseLeasesAreLostGoesAsWell() {
    insert(3);
    List<LeasedJob> jobs = claim();
    JdbcJobStore.of(pool, options).settle(all(jobs, Steps.succeeded()));

    assertThat(store.settle(all(jobs, Steps.succeeded())))
        .containsExactlyInAnyOrderElementsOf(leases(jobs));
    claim();

    assertThat(rows()).isZero();
  }

  @Test
  void theRowOfAClaimWhoseSettlementWasNotAnsweredGoesOnceThatIsKnown() {
    insert(3);
    List<LeasedJob> jobs = claim();
    JdbcJobStore.of(pool, options).settle(all(jobs.subList(0, 2), Steps.succeeded()));

    assertThat(store.settled(leases(jobs))).hasSize(2);
    claim();
    assertThat(rows()).as("one has not been settled").isOne();

    store.settle(all(jobs.subList(2, 3), Steps.succeeded()));
    claim();
    assertThat(rows()).isZero();
  }

  @Test
  void theRowGoesThoughTheSettlementsOfItsJobsMeet() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 10; round++) {
        insert(20);
        List<LeasedJob> jobs = claim();
        CyclicBarrier start = new CyclicBarrier(2);
        List<Future<Set<TokenLease>>> halves = new ArrayList<>();
        for (List<LeasedJob> half : List.of(jobs.subList(0, 10), jobs.subList(10, 20))) {
          Callable<Set<TokenLease>> settling =
              () -> {
                start.await();
                return store.settle(all(half, Steps.succeeded()));
              };
          halves.add(threads.submit(settling));
        }
        for (Future<Set<TokenLease>> half : halves) {
          assertThat(half.get()).isEmpty();
        }

        assertThat(claim()).isEmpty();
        assertThat(rows()).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void theRowsOfADeadEngineGoWithItWhenAllItsJobsAreBack() {
    insert(3);
    claim();
    insert(2);
    claim();
    expire(engine);

    assertThat(reap(4).more()).isTrue();
    assertThat(rows()).as("one still runs by the books").isEqualTo(2);
    assertThat(reap(4).returned()).hasSize(1);

    assertThat(rows()).isZero();
    assertThat(Steps.number(pool, "SELECT COUNT(*) FROM " + p + "engine")).isZero();
    EngineId next = Steps.engine(store);
    for (int i = 0; i < 5; i++) {
      assertThat(store.claim(Steps.claimOf(next, 10))).as("suspects, one by one").hasSize(1);
    }
  }

  @Test
  void theRowsOfAnEngineThatLeavesGoWithIt() {
    insert(3);
    claim();
    insert(2);
    claim();

    store.retire(engine);

    assertThat(rows()).isZero();
    assertThat(Steps.claim(store, 10)).hasSize(5);
  }

  @Test
  void whatWasClaimedThroughOneStoreIsTakenBackThroughAnother() {
    insert(2);
    claim();
    store.claim(Steps.turnOf(engine, 10));
    store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
    store.insert(Steps.jobsFor("acme", 1, Duration.ZERO, "carrier/dhl"));
    assertThat(claim()).hasSize(1);
    expire(engine);

    Reaped reaped = JdbcJobStore.of(pool, options).reap(new ReapRequest(Duration.ZERO, 100, 3));

    assertThat(reaped.returned()).hasSize(3);
    assertThat(rows()).isZero();
  }

  @Test
  void rowsOfAnotherEngineStayWhenOneDies() {
    insert(2);
    claim();
    EngineId alive = Steps.engine(store);
    insert(1);
    List<LeasedJob> running = store.claim(Steps.claimOf(alive, 10));
    expire(engine);

    reap(100);

    assertThat(store.held(alive)).containsExactlyElementsOf(leases(running));
  }

  @Test
  void aJobThatIsClaimedAgainIsFoundThoughItsFirstClaimIsClosed() {
    JobId job = Steps.insert(store);
    LeasedJob before = claim().get(0);
    Steps.settle(store, before, new Outcome.Released());
    LeasedJob again = claim().get(0);
    assertThat(Steps.settle(store, before, Steps.succeeded()))
        .as("a late word of the first lease")
        .containsExactly((TokenLease) before.lease());
    claim();

    assertThat(store.held(engine)).containsExactly((TokenLease) again.lease());
    expire(engine);
    assertThat(reap(100).returned()).containsExactly(job);
  }

  @Test
  void aJobThatAnotherEngineRunsByNowIsNotHeldByTheFirst() {
    insert(2);
    List<LeasedJob> jobs = claim();
    Steps.settle(store, jobs.get(0), new Outcome.Released());
    EngineId next = Steps.engine(store);
    List<LeasedJob> again = store.claim(Steps.claimOf(next, 10));
    assertThat(rows()).as("the first claim still has a job").isEqualTo(2);

    assertThat(store.held(engine)).containsExactly((TokenLease) jobs.get(1).lease());
    assertThat(store.held(next)).containsExactlyElementsOf(leases(again));
    expire(engine);
    assertThat(reap(100).returned()).containsExactly(jobs.get(1).id());
    assertThat(Steps.settle(store, again.get(0), Steps.succeeded())).isEmpty();
  }

  @Test
  void theRowOfAClaimWhoseReplyWasLostGoesAfterItsJobsWereResolved() {
    insert(3);
    ClaimRequest lost = request();
    JdbcJobStore.of(pool, options).claim(lost); // this store does not hear of it

    List<LeasedJob> jobs = store.claimed(engine, lost.claimId());
    assertThat(jobs).hasSize(3);
    store.settle(all(jobs.subList(0, 2), Steps.succeeded()));
    claim();
    assertThat(rows(lost)).as("while one still runs").isOne();

    store.settle(all(jobs.subList(2, 3), Steps.succeeded()));
    claim();
    assertThat(rows(lost)).isZero();
  }

  @Test
  void anotherClaimOfTheEngineIsNotResolvedAlong() {
    insert(2);
    store.claim(Steps.claimOf(engine, 1));
    ClaimRequest second = Steps.claimOf(engine, 1);
    List<LeasedJob> jobs = store.claim(second);

    assertThat(store.claimed(engine, second.claimId()))
        .extracting(LeasedJob::lease)
        .containsExactlyElementsOf(leases(jobs));
    assertThat(store.claimed(Steps.engine(store), second.claimId())).isEmpty();
    assertThat(store.claimed(engine, UUID.randomUUID())).isEmpty();
  }

  @Test
  void aRowThatAFailedClaimCouldNotDeleteGoesWithTheNext() {
    insert(1);
    store.settle(all(claim(), Steps.succeeded()));
    Steps.execute(pool, "ALTER TABLE " + p + "pause RENAME TO " + p + "hidden");

    assertThatThrownBy(this::claim).isInstanceOf(StoreException.class);
    Steps.execute(pool, "ALTER TABLE " + p + "hidden RENAME TO " + p + "pause");
    assertThat(rows()).isOne();
    claim();

    assertThat(rows()).isZero();
  }

  /** The database has lost the commit of these settlements, and nobody knows. */
  private List<LeasedJob> settledInVain(int count) {
    insert(count);
    List<LeasedJob> jobs = claim();
    Steps.execute(pool, "CREATE TABLE " + p + "lost AS SELECT * FROM " + p + "job");
    store.settle(all(jobs, Steps.succeeded()));
    Steps.execute(pool, "INSERT INTO " + p + "job SELECT * FROM " + p + "lost");
    assertThat(claim()).isEmpty();
    assertThat(store.held(engine)).as("the claim is closed").isEmpty();
    return jobs;
  }

  @Test
  void jobsWhoseEndingTheServerHasLostAreFoundAgain() {
    List<LeasedJob> jobs = settledInVain(2);

    reap(100);

    assertThat(store.held(engine)).containsExactlyInAnyOrderElementsOf(leases(jobs));
    expire(engine);
    assertThat(reap(100).returned()).hasSize(2);
  }

  @Test
  void soAreThoseWhoseEngineIsForgotten() {
    settledInVain(2);
    Steps.execute(pool, "DELETE FROM " + p + "engine");

    reap(100);

    assertThat(reap(100).returned()).hasSize(2);
    assertThat(rows()).isZero();
  }
}
