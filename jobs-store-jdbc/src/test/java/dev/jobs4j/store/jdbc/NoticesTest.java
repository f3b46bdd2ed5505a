package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.WakeUpMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who tells other processes of what, as an independent listener hears it. */
class NoticesTest {

  private static final PostgresServer SERVER = PostgresServer.V18;
  private static final Operator ANN = new Operator("ann", "provider is up again");
  private static final String WORK = Steps.QUEUE.name();

  private final JdbcStoreOptions options = Databases.newTables();
  private final AtomicLong nanos = new AtomicLong();
  private HikariDataSource pool;
  private JdbcJobStore store;
  private Ear ear;

  @BeforeEach
  void open() throws SQLException {
    pool = Pools.of(SERVER.url());
    store = store(options);
    ear = new Ear(SERVER, options);
  }

  /** On a machine whose time stands still unless it is moved. */
  private JdbcJobStore store(JdbcStoreOptions opened) {
    Machine machine = new Machine(nanos::get, Machine.OWN.chance(), Machine.OWN.rest());
    return JdbcJobStore.of(pool, opened, null, machine);
  }

  @AfterEach
  void close() throws SQLException {
    ear.close();
    pool.close();
  }

  private void anIntervalPasses() {
    nanos.addAndGet(PostgresNotices.INTERVAL.toNanos());
  }

  private List<String> heard() throws SQLException {
    anIntervalPasses();
    return ear.heard();
  }

  @Test
  void manyEnqueuesWithinAnIntervalAreOneNotice() throws SQLException {
    for (int i = 0; i < 50; i++) {
      Steps.insert(store);
    }
    assertThat(ear.heard()).containsExactly(WORK);

    nanos.addAndGet(PostgresNotices.INTERVAL.toNanos() - 1);
    Steps.insert(store);
    assertThat(ear.heard()).as("not over yet").isEmpty();

    nanos.addAndGet(1);
    Steps.insert(store);
    assertThat(ear.heard()).containsExactly(WORK);
  }

  @Test
  void aBurstOfTenThousandEnqueuesIsAtMostOneNoticeAnInterval() throws Exception {
    JdbcJobStore real = JdbcJobStore.of(pool, options);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    long since = System.nanoTime();
    IntStream.range(0, 10_000).forEach(i -> threads.execute(() -> Steps.insert(real)));
    threads.shutdown();
    assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
    long intervals = (System.nanoTime() - since) / PostgresNotices.INTERVAL.toNanos();

    assertThat(ear.heard()).hasSizeBetween(1, (int) intervals + 1);
    assertThat(Steps.number(pool, "SELECT COUNT(*) FROM " + options.tablePrefix() + "job"))
        .isEqualTo(10_000);
  }

  @Test
  void eachQueueIsToldOfByItself() throws SQLException {
    store.insert(List.of(Steps.job(), on("mail"), on("mail")));
    store.insert(List.of(on("mail"), on("bills")));

    assertThat(ear.heard()).containsExactlyInAnyOrder("mail " + WORK, "bills");
  }

  private static NewJob on(String queue) {
    NewJob job = Steps.job();
    return NewJob.of(job.id(), job.type(), JobQueue.of(queue), job.payload());
  }

  @Test
  void moreQueuesThanANoticeHoldsAreAllQueues() throws SQLException {
    store.insert(IntStream.range(0, 100).mapToObj(i -> on("q".repeat(100) + i)).toList());

    assertThat(ear.heard()).containsExactly(PostgresNotices.ANY);
  }

  @Test
  void nobodyIsToldOfWhatIsNotDue() throws SQLException {
    store.insert(Steps.jobsFor("acme", 5, Duration.ofMillis(1)));
    JobId parent = Steps.insert(store);
    assertThat(heard()).containsExactly(WORK);

    store.insert(List.of(Steps.after(parent)));
    store.insert(List.of(inLine()));
    assertThat(heard()).as("the first of its line").containsExactly(WORK);
    store.insert(List.of(inLine()));

    assertThat(heard()).isEmpty();
  }

  private static NewJob inLine() {
    NewJob job = Steps.job();
    return NewJob.builder(job.id(), job.type(), job.queue(), job.payload())
        .fifo(new Fifo("a", Fifo.OnDead.BLOCK))
        .build();
  }

  private JdbcStoreOptions with(WakeUpMode mode) {
    return JdbcStoreOptions.builder().tablePrefix(options.tablePrefix()).wakeUps(mode).build();
  }

  @Test
  void nobodyIsToldAnythingIfItIsOff() throws SQLException {
    JdbcJobStore silent = store(with(WakeUpMode.NEVER));
    Steps.insert(silent);
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      silent.insert(List.of(Steps.job()), JdbcJobStore.transaction(connection));
      connection.commit();
    }
    assertThat(heard()).isEmpty();
    assertThat(silent.wakeUps(java.util.Set.of(Steps.QUEUE))).isEmpty();
  }

  @Test
  void whatASettlementMakesDueIsToldOf() throws SQLException {
    JobId id = Steps.insert(store);
    store.insert(List.of(Steps.after(id)));
    LeasedJob job = Steps.claim(store, 1).get(0);
    heard();

    Steps.settle(store, job, new Outcome.Released());
    assertThat(heard()).as("released").containsExactly(WORK);

    job = Steps.claim(store, 1).get(0);
    Steps.settle(store, job, new Outcome.Retry(Duration.ofHours(1), new Failure("E", "e", "")));
    assertThat(heard()).as("a retry that is not due").isEmpty();
    dueNow(id);

    job = Steps.claim(store, 1).get(0);
    Steps.settle(store, job, new Outcome.Retry(Duration.ZERO, new Failure("E", "e", "")));
    assertThat(heard()).as("a retry at once").containsExactly(WORK);

    job = Steps.claim(store, 1).get(0);
    Steps.settle(store, job, new Outcome.Snoozed(Duration.ZERO));
    assertThat(heard()).as("a snooze of no time").containsExactly(WORK);

    job = Steps.claim(store, 1).get(0);
    assertThat(job.id()).isEqualTo(id);
    Steps.settle(store, job, new Outcome.Succeeded(null, List.of(on("follow"))));
    assertThat(heard()).as("a child and what follows").containsExactly("follow " + WORK);

    job = Steps.claim(store, 1).get(0);
    Steps.settle(store, job, Steps.succeeded());
    assertThat(heard()).as("nothing waits for it").isEmpty();
  }

  private void dueNow(JobId id) {
    Steps.execute(
        pool,
        "UPDATE "
            + options.tablePrefix()
            + "job SET run_at = now() - interval '1 second' WHERE id = '"
            + id
            + "'");
  }

  @Test
  void theNextOfALineIsToldOf() throws SQLException {
    store.insert(List.of(inLine(), inLine()));
    LeasedJob first = Steps.claim(store, 5).get(0);
    heard();

    Steps.settle(store, first, Steps.succeeded());

    assertThat(heard()).containsExactly(WORK);
  }

  @Test
  void whatIsTakenBackFromAnEngineIsToldOf() throws SQLException {
    Steps.insert(store);
    var engine = Steps.engine(store);
    store.claim(Steps.claimOf(engine, 1));
    heard();
    store.retire(engine);
    assertThat(heard()).as("retired").containsExactly(WORK);

    engine = Steps.engine(store);
    assertThat(store.claim(Steps.claimOf(engine, 1))).hasSize(1);
    Steps.execute(
        pool,
        "UPDATE " + options.tablePrefix() + "engine SET expires_at = now() - interval '1 hour'");
    store.reap(new ReapRequest(Duration.ZERO, 10, 3));
    assertThat(heard()).as("reaped").containsExactly(WORK);
  }

  @Test
  void whatOperatorsLetGoIsToldOf() throws SQLException {
    JobId id = Steps.insert(store);
    Steps.settle(
        store,
        Steps.claim(store, 1).get(0),
        new Outcome.Dead(DeadReason.REJECTED, new Failure("E", "e", "")));
    heard();
    store.records().requeue(id);
    assertThat(heard()).as("requeued").containsExactly(WORK);

    Steps.settle(
        store,
        Steps.claim(store, 1).get(0),
        new Outcome.Dead(DeadReason.REJECTED, new Failure("E", "e", "")));
    store.records().letters().redrive(Map.of(id, Duration.ZERO), ANN);
    assertThat(heard()).as("redriven").containsExactly(WORK);

    store.pauses().orElseThrow().pause(Pause.tenant("acme"), ANN);
    assertThat(heard()).as("paused").isEmpty();
    store.pauses().orElseThrow().resume(Pause.tenant("acme"));
    assertThat(heard()).as("resumed").containsExactly(PostgresNotices.ANY);
    store.pauses().orElseThrow().resume(Pause.tenant("acme"));
    assertThat(heard()).as("was not paused").isEmpty();

    store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
    assertThat(heard()).as("a limit was changed").containsExactly(PostgresNotices.ANY);
  }

  @Test
  void aTransactionThatFailsTellsNothing() throws SQLException {
    NewJob child = Steps.after(new JobId(UUID.randomUUID()));
    try {
      store.insert(List.of(Steps.job(), child));
    } catch (RuntimeException e) {
      assertThat(e).hasMessageContaining("after names");
    }
    assertThat(heard()).isEmpty();
    Steps.insert(store);
    assertThat(heard()).as("the next is not taken for told").containsExactly(WORK);
  }

  @Test
  void tablesOfOtherNamesAndSchemasAreOtherChannels() throws SQLException {
    String schema = options.tablePrefix() + "else";
    Steps.execute(pool, "CREATE SCHEMA " + schema);
    JdbcStoreOptions elsewhere =
        JdbcStoreOptions.builder()
            .tablePrefix(options.tablePrefix())
            .schema(schema)
            .schemaMode(JdbcStoreOptions.SchemaMode.MIGRATE)
            .build();
    Steps.insert(store(elsewhere));
    Steps.insert(store(Databases.newTables()));
    assertThat(heard()).isEmpty();

    JdbcStoreOptions named =
        JdbcStoreOptions.builder().tablePrefix(options.tablePrefix()).schema("public").build();
    Steps.insert(store(named));
    assertThat(heard()).as("the same tables by another way").containsExactly(WORK);
  }

  @Test
  void dueAtATimeThatIsGivenIsMetByAPoll() throws SQLException {
    NewJob job = Steps.job();
    store.insert(
        List.of(
            NewJob.builder(job.id(), job.type(), job.queue(), job.payload())
                .due(new Due.At(java.time.Instant.EPOCH))
                .build()));
    assertThat(heard()).isEmpty();
  }
}
