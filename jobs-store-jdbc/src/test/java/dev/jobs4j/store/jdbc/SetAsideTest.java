package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs that run for long leave the indexes that claims walk, and nobody else sees a difference. */
class SetAsideTest {

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

  private void setAside(EngineId holder, List<LeasedJob> jobs) {
    Sql sql = Sql.of(options, new PostgresDialect(), new PostgresDialect().now());
    List<UUID> ids = jobs.stream().map(job -> job.id().value()).sorted().toList();
    new ClaimBook(new Transactions(pool), sql).setAside(holder, ids);
  }

  private long aside() {
    return Steps.number(pool, "SELECT COUNT(*) FROM " + p + "job WHERE block_reason = 'RUNNING'");
  }

  private List<LeasedJob> running(int count) {
    store.insert(Stream.generate(Steps::job).limit(count).toList());
    return store.claim(Steps.claimOf(engine, count));
  }

  private List<LeasedJob> runningAside(int count) {
    List<LeasedJob> jobs = running(count);
    setAside(engine, jobs);
    assertThat(aside()).isEqualTo(count);
    return jobs;
  }

  private void settle(List<LeasedJob> jobs, Outcome outcome) {
    assertThat(
            store.settle(jobs.stream().map(job -> new Settlement(job.lease(), outcome)).toList()))
        .isEmpty();
  }

  private void makeDue() {
    Steps.execute(pool, "UPDATE " + p + "job SET run_at = now() - interval '1 second'");
  }

  private void assertClaimedAgain(List<LeasedJob> jobs) {
    assertThat(aside()).isZero();
    assertThat(Steps.claim(store, 10))
        .extracting(LeasedJob::id)
        .containsExactlyInAnyOrderElementsOf(jobs.stream().map(LeasedJob::id).toList());
  }

  @Test
  void manyJobsThatRunForLongAreSetAsideByTheMaintenance() throws Exception {
    List<LeasedJob> jobs = running(20);

    Soon.until(
        "jobs that have run for two seconds are set aside",
        () -> {
          store.reap(new ReapRequest(Duration.ofHours(1), 10, 3));
          return aside() == 20;
        });

    settle(jobs, Steps.succeeded());
  }

  @Test
  void whatIsSetAsideStillRunsByTheBooks() {
    List<LeasedJob> jobs = runningAside(3);

    assertThat(store.held(engine))
        .containsExactlyInAnyOrderElementsOf(
            jobs.stream().map(job -> (TokenLease) job.lease()).toList());
    Job seen = store.records().find(jobs.get(0).id()).orElseThrow();
    assertThat(seen.state()).isEqualTo(JobState.RUNNING);
    assertThat(seen.blockReason()).isEmpty();
    assertThat(Steps.claim(store, 10)).isEmpty();
  }

  @Test
  void whatIsSetAsideSucceeds() {
    List<LeasedJob> jobs = runningAside(2);

    settle(jobs, Steps.succeeded());

    assertThat(store.records().find(jobs.get(0).id()).orElseThrow().state())
        .isEqualTo(JobState.SUCCEEDED);
  }

  static List<Outcome> waysBack() {
    return List.of(
        new Outcome.Released(),
        new Outcome.Snoozed(Duration.ZERO),
        new Outcome.Snoozed(Duration.ofDays(1)),
        new Outcome.Retry(Duration.ZERO, FAILURE),
        new Outcome.Retry(Duration.ofDays(1), FAILURE));
  }

  @ParameterizedTest
  @MethodSource("waysBack")
  void whatIsSetAsideAndComesBackIsClaimedAgain(Outcome outcome) {
    List<LeasedJob> jobs = runningAside(2);

    settle(jobs, outcome);
    makeDue();

    assertClaimedAgain(jobs);
  }

  @Test
  void whatIsSetAsideAndKeepsALimitIsClaimedAgain() {
    store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
    store.insert(Steps.jobsFor("acme", 1, Duration.ZERO, "carrier/dhl"));
    List<LeasedJob> jobs = store.claim(Steps.claimOf(engine, 10));
    setAside(engine, jobs);

    settle(jobs, new Outcome.Released());

    assertClaimedAgain(jobs);
  }

  @Test
  void whatADeadEngineHadSetAsideIsClaimedAgain() {
    List<LeasedJob> jobs = runningAside(1);
    Steps.execute(pool, "UPDATE " + p + "engine SET expires_at = now() - interval '1 hour'");

    assertThat(store.reap(new ReapRequest(Duration.ZERO, 10, 3)).returned()).hasSize(1);

    assertClaimedAgain(jobs);
  }

  @Test
  void whatAnEngineThatLeavesHadSetAsideIsClaimedAgain() {
    List<LeasedJob> jobs = runningAside(2);

    store.retire(engine);

    assertClaimedAgain(jobs);
  }

  @Test
  void whatCameBackBeforeItWasSetAsideStaysClaimable() {
    List<LeasedJob> jobs = running(2);
    settle(jobs, new Outcome.Released());

    setAside(engine, jobs);

    assertClaimedAgain(jobs);
  }

  @Test
  void whatAnotherEngineRunsByNowIsLeftWhereItIs() {
    List<LeasedJob> jobs = running(2);
    settle(jobs, new Outcome.Released());
    assertThat(Steps.claim(store, 10)).hasSize(2);

    setAside(engine, jobs);

    assertThat(aside()).isZero();
  }

  @Test
  void settingAsideWaitsForNobody() throws Exception {
    List<LeasedJob> jobs = running(2);
    try (Connection other = pool.getConnection()) {
      other.setAutoCommit(false);
      other
          .createStatement()
          .execute("SELECT FROM " + p + "job WHERE id = '" + jobs.get(0).id() + "' FOR UPDATE");

      setAside(engine, jobs);

      assertThat(aside()).as("the one that is free").isOne();
      other.rollback();
    }
  }
}
