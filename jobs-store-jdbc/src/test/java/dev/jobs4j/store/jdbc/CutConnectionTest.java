package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wire to the server is cut while an answer is on its way. */
class CutConnectionTest {

  private final JdbcStoreOptions options = Databases.newTables();
  private Faults wire;
  private HikariDataSource cutPool;
  private HikariDataSource pool;
  private JdbcJobStore cutStore;
  private JdbcJobStore store;

  @BeforeEach
  void openStores() throws IOException {
    String url = PostgresServer.V18.url();
    int port = URI.create(url.substring("jdbc:".length())).getPort();
    wire = new Faults(port);
    pool = Pools.of(url);
    store = JdbcJobStore.of(pool, options);
    String cutUrl = url.replace(":" + port + "/", ":" + wire.port() + "/");
    cutPool =
        Pools.of(
            cutUrl + "&prepareThreshold=0", // every request says its statement
            config -> config.setConnectionTimeout(1_000));
    cutStore = JdbcJobStore.of(cutPool, options);
  }

  @AfterEach
  void close() throws IOException {
    cutPool.close();
    pool.close();
    wire.close();
  }

  private static Certainty certaintyOf(ThrowingCallable call) {
    return catchThrowableOfType(StoreException.class, call).outcome();
  }

  @Test
  void anInsertWhoseAnswerIsLostIsUnknownAndMayBeRepeated() {
    NewJob job = Steps.job();
    wire.cutAtAnswerTo("INSERT INTO " + options.tablePrefix() + "job");

    assertThat(certaintyOf(() -> cutStore.insert(List.of(job)))).isEqualTo(Certainty.UNKNOWN);
    wire.heal();

    assertThat(store.records().find(job.id())).as("it was done").isPresent();
    NewJob again =
        NewJob.builder(job.id(), job.type(), job.queue(), job.payload())
            .mayExist(true)
            .priority(job.priority())
            .due(job.due())
            .headers(job.headers())
            .build();
    assertThat(cutStore.insert(List.of(again))).containsExactly(new Enqueued.Existing(job.id()));
  }

  @Test
  void aTransactionThatBreaksBeforeItsCommitIsNotDone() {
    JobId parent = Steps.insert(store);
    NewJob child = Steps.after(parent);
    wire.cutAtAnswerTo("INSERT INTO " + options.tablePrefix() + "wait");

    assertThat(certaintyOf(() -> cutStore.insert(List.of(child)))).isEqualTo(Certainty.NOT_DONE);
    wire.heal();

    assertThat(store.records().find(child.id())).isEmpty();
    cutStore.insert(List.of(child));
  }

  @Test
  void aClaimWhoseAnswerIsLostIsUnknownAndFoundByItsId() {
    JobId job = Steps.insert(store);
    EngineId engine = Steps.engine(store);
    ClaimRequest request = Steps.claimOf(engine, 10);
    wire.cutAtAnswerTo("WITH paused AS");

    assertThat(certaintyOf(() -> cutStore.claim(request))).isEqualTo(Certainty.UNKNOWN);
    wire.heal();

    assertThat(cutStore.claimed(engine, request.claimId()))
        .extracting(LeasedJob::id)
        .containsExactly(job);
  }

  @Test
  void aSettlementWhoseCommitIsNotAnsweredIsUnknownAndResolved() {
    JobId id = Steps.insert(store);
    LeasedJob job = Steps.claim(store, 1).get(0);
    TokenLease lease = (TokenLease) job.lease();
    List<Settlement> settlements = List.of(new Settlement(lease, Steps.succeeded()));
    wire.cutAtAnswerTo("COMMIT");

    assertThat(certaintyOf(() -> cutStore.settle(settlements))).isEqualTo(Certainty.UNKNOWN);
    wire.heal();

    assertThat(store.records().find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(cutStore.settle(settlements)).as("repeated").containsExactly(lease);
    assertThat(cutStore.settled(List.of(lease))).containsExactly(lease);
  }

  @Test
  void aSessionThatTheServerEndsIsNotDoneBeforeTheCommit() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (HikariDataSource single = Pools.of(PostgresServer.V18.url())) {
      Transactions transactions = new Transactions(single);
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
                                      .execute("SELECT 'mark', pg_sleep(60)"))));
      String end =
          "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity"
              + " WHERE query LIKE 'SELECT ''mark''%'";
      while (Steps.number(pool, end) == 0) {
        Thread.onSpinWait();
      }
      assertThat(broken.get()).isEqualTo(Certainty.NOT_DONE);
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void aServerThatIsNotThereIsNotDone() throws IOException {
    wire.close();
    cutPool.getHikariPoolMXBean().softEvictConnections();

    assertThatThrownBy(() -> cutStore.insert(List.of(Steps.job())))
        .isInstanceOf(StoreException.class)
        .extracting(e -> ((StoreException) e).outcome())
        .isEqualTo(Certainty.NOT_DONE);
  }
}
