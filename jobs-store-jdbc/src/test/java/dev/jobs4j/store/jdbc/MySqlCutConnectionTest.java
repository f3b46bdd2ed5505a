package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.TokenLease;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The wire to MariaDB is cut while an answer is on its way, under either driver. */
class MySqlCutConnectionTest {

  /** A whole message, with the byte that says what it is: isolation levels have the word too. */
  private static final String COMMIT = "\u0003COMMIT";

  @BeforeAll
  static void findServer() {
    MySqlDriver.MARIADB.requireServer(MySqlCutConnectionTest.class);
  }

  /** One store behind a wire that can be cut, and one beside it on the same tables. */
  private static final class Site implements AutoCloseable {
    private final JdbcStoreOptions options = Databases.newTables();
    private final Faults wire;
    private final HikariDataSource pool;
    private final HikariDataSource cutPool;
    private final JdbcJobStore store;
    private final JdbcJobStore cutStore;

    Site(MySqlDriver driver) throws IOException {
      wire = new Faults(driver.port());
      pool = Pools.of(driver.url());
      store = JdbcJobStore.of(pool, options);
      cutPool =
          Pools.of(driver.urlThrough(wire.port()), config -> config.setConnectionTimeout(1_000));
      cutStore = JdbcJobStore.of(cutPool, options);
    }

    void cutAtAnswerToInsertInto(String area) {
      wire.cutAtAnswerTo("INSERT INTO " + options.tablePrefix() + area);
    }

    @Override
    public void close() throws IOException {
      cutPool.close();
      pool.close();
      wire.close();
    }
  }

  private static Certainty certaintyOf(ThrowingCallable call) {
    return catchThrowableOfType(StoreException.class, call).outcome();
  }

  @ParameterizedTest
  @EnumSource
  void anInsertWhoseAnswerIsLostIsUnknownAndMayBeRepeated(MySqlDriver driver) throws IOException {
    try (Site site = new Site(driver)) {
      NewJob job = Steps.job();
      site.cutAtAnswerToInsertInto("job");

      assertThat(certaintyOf(() -> site.cutStore.insert(List.of(job))))
          .isEqualTo(Certainty.UNKNOWN);
      site.wire.heal();

      assertThat(site.store.records().find(job.id())).as("it was done").isPresent();
      NewJob again = job.toBuilder().mayExist(true).build();
      assertThat(site.cutStore.insert(List.of(again)))
          .containsExactly(new Enqueued.Existing(job.id()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTransactionThatBreaksBeforeItsCommitIsNotDone(MySqlDriver driver) throws IOException {
    try (Site site = new Site(driver)) {
      JobId parent = Steps.insert(site.store);
      NewJob child = Steps.after(parent);
      site.cutAtAnswerToInsertInto("wait");

      assertThat(certaintyOf(() -> site.cutStore.insert(List.of(child))))
          .isEqualTo(Certainty.NOT_DONE);
      site.wire.heal();

      assertThat(site.store.records().find(child.id())).isEmpty();
      site.cutStore.insert(List.of(child));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClaimWhoseCommitIsNotAnsweredIsUnknownAndFoundByItsId(MySqlDriver driver)
      throws IOException {
    try (Site site = new Site(driver)) {
      JobId job = Steps.insert(site.store);
      EngineId engine = Steps.engine(site.store);
      ClaimRequest request = Steps.claimOf(engine, 10);
      site.wire.cutAtAnswerTo(COMMIT);

      assertThat(certaintyOf(() -> site.cutStore.claim(request))).isEqualTo(Certainty.UNKNOWN);
      site.wire.heal();

      assertThat(site.cutStore.claimed(engine, request.claimId()))
          .extracting(LeasedJob::id)
          .containsExactly(job);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSettlementWhoseCommitIsNotAnsweredIsUnknownAndResolved(MySqlDriver driver)
      throws IOException {
    try (Site site = new Site(driver)) {
      JobId id = Steps.insert(site.store);
      TokenLease lease = (TokenLease) Steps.claim(site.store, 1).get(0).lease();
      List<Settlement> settlements = List.of(new Settlement(lease, Steps.succeeded()));
      site.wire.cutAtAnswerTo(COMMIT);

      assertThat(certaintyOf(() -> site.cutStore.settle(settlements))).isEqualTo(Certainty.UNKNOWN);
      site.wire.heal();

      assertThat(site.store.records().find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(site.cutStore.settle(settlements)).as("repeated").containsExactly(lease);
      assertThat(site.cutStore.settled(List.of(lease))).containsExactly(lease);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSessionThatTheServerEndsIsNotDoneBeforeTheCommit(MySqlDriver driver) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (HikariDataSource pool = Pools.of(driver.url())) {
      Transactions transactions = new Transactions(pool);
      Future<Certainty> broken =
          thread.submit(
              () ->
                  certaintyOf(
                      () ->
                          transactions.transaction(
                              "Work",
                              connection ->
                                  connection
                                      .createStatement()
                                      .execute("SELECT 'mark', SLEEP(60)"))));
      String find =
          "SELECT COALESCE(MAX(id), 0) FROM information_schema.processlist"
              + " WHERE info LIKE 'SELECT ''mark''%'";
      long session = 0;
      while (session == 0) {
        session = Steps.number(pool, find);
      }
      Steps.execute(pool, "KILL " + session);
      assertThat(broken.get()).isEqualTo(Certainty.NOT_DONE);
      for (int i = 0; i < 20; i++) {
        assertThat(transactions.<Integer>read("Work", connection -> 42))
            .as("the pool has thrown it away")
            .isEqualTo(42);
      }
    } finally {
      thread.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatIsNotThereIsNotDone(MySqlDriver driver) throws IOException {
    try (Site site = new Site(driver)) {
      site.wire.close();
      site.cutPool.getHikariPoolMXBean().softEvictConnections();

      assertThat(certaintyOf(() -> site.cutStore.insert(List.of(Steps.job()))))
          .isEqualTo(Certainty.NOT_DONE);
    }
  }
}
