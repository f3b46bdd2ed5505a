package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.WakeUpMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told of what was enqueued in callers' transactions, and when. */
class CallersNoticesTest {

  private static final PostgresServer SERVER = PostgresServer.V18;
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
  void aCallersTransactionTellsWithItsCommitAndElseNever() throws SQLException {
    JdbcJobStore store = store(with(WakeUpMode.ALWAYS));
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < 3; i++) {
        store.insert(List.of(Steps.job()), JdbcJobStore.transaction(connection));
      }
      assertThat(heard()).as("before the commit").isEmpty();
      connection.commit();
      assertThat(heard()).as("equal words of one transaction are one").containsExactly(WORK);

      store.insert(List.of(Steps.job()), JdbcJobStore.transaction(connection));
      connection.rollback();
      assertThat(heard()).as("rolled back").isEmpty();

      Savepoint before = connection.setSavepoint();
      store.insert(List.of(on("undone")), JdbcJobStore.transaction(connection));
      connection.rollback(before);
      store.insert(List.of(Steps.job()), JdbcJobStore.transaction(connection));
      connection.commit();
      assertThat(heard()).containsExactly(WORK);
    }
  }

  @Test
  void callersTransactionsTellNobodyUnlessTheStoreLearnsOfTheirCommit() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      store.insert(List.of(Steps.job()), JdbcJobStore.transaction(connection));
      store.insert(List.of(inLine()), JdbcJobStore.transaction(connection));
      connection.commit();
      assertThat(heard()).isEmpty();

      List<Runnable> afterCommit = new ArrayList<>();
      JobTransaction told = JdbcJobStore.transaction(connection, afterCommit::add);
      store.insert(List.of(Steps.job(), on("mail")), told);
      store.insert(List.of(inLine()), told);
      connection.commit();
      assertThat(heard()).as("nobody has said so yet").isEmpty();
      afterCommit.forEach(Runnable::run);
      assertThat(heard()).containsExactly("mail " + WORK);

      for (int i = 0; i < 20; i++) {
        afterCommit.clear();
        store.insert(List.of(Steps.job()), told);
        connection.commit();
        afterCommit.forEach(Runnable::run);
      }
      assertThat(heard()).as("once an interval").containsExactly(WORK);
    }
  }

  /** All of them hold a connection of the pool when they learn of their commit. */
  @Test
  void callersWhoHoldTheWholePoolDoNotWaitForEachOther() throws Exception {
    int size = 6;
    ExecutorService threads = Executors.newFixedThreadPool(size - 1);
    CyclicBarrier committed = new CyclicBarrier(size - 1);
    try (HikariDataSource small =
        Pools.of(
            SERVER.url(),
            config -> {
              config.setMaximumPoolSize(size);
              config.setConnectionTimeout(60_000);
            })) {
      JdbcJobStore store = JdbcJobStore.of(small, options);
      List<Future<?>> callers = new ArrayList<>();
      try (Connection held = small.getConnection()) {
        for (int i = 0; i < size - 1; i++) {
          String queue = "q" + i;
          callers.add(
              threads.submit(
                  () -> {
                    List<Runnable> afterCommit = new ArrayList<>();
                    try (Connection connection = small.getConnection()) {
                      connection.setAutoCommit(false);
                      store.insert(
                          List.of(on(queue)),
                          JdbcJobStore.transaction(connection, afterCommit::add));
                      connection.commit();
                      committed.await();
                      afterCommit.forEach(Runnable::run);
                    }
                    return null;
                  }));
        }
        for (Future<?> caller : callers) {
          caller.get(30, TimeUnit.SECONDS);
        }
        assertThat(held.isValid(5)).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(String.join(" ", heard())).contains("q0", "q1", "q2", "q3", "q4");
  }

  @Test
  void aNoticeThatCannotBeSentIsNoTroubleOfTheCaller() throws Exception {
    List<Runnable> afterCommit = new ArrayList<>();
    try (HikariDataSource closed = Pools.of(SERVER.url())) {
      JdbcJobStore store = JdbcJobStore.of(closed, options);
      try (Connection connection = pool.getConnection()) {
        connection.setAutoCommit(false);
        store.insert(List.of(Steps.job()), JdbcJobStore.transaction(connection, afterCommit::add));
        connection.commit();
      }
    }
    afterCommit.forEach(Runnable::run);
    assertThat(heard()).isEmpty();
  }

  private static NewJob on(String queue) {
    NewJob job = Steps.job();
    return NewJob.of(job.id(), job.type(), JobQueue.of(queue), job.payload());
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
}
