package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An insert that meets another one, or what is left of it, where only a database can show it. */
class MeetingsTest {

  private static NewJob job(JobId id, boolean mayExist, UniqueKey key, List<JobId> after) {
    NewJob plain = Steps.job();
    return NewJob.builder(id, plain.type(), plain.queue(), plain.payload())
        .mayExist(mayExist)
        .priority(plain.priority())
        .due(plain.due())
        .uniqueKey(key)
        .after(after)
        .headers(plain.headers())
        .build();
  }

  @SuppressWarnings("NullAway") // no key
  private static NewJob mayExist(JobId id) {
    return job(id, true, null, List.of());
  }

  private static JobId id() {
    return new JobId(UUID.randomUUID());
  }

  private static void awaitSomebodyWaitingOr(HikariDataSource pool, Future<?> done) {
    while (!done.isDone()
        && Steps.number(pool, "SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aChildIsReleasedByAParentThatSomebodyElseStoredMeanwhile() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (HikariDataSource pool = Pools.of(PostgresServer.V18.url());
        Connection first = pool.getConnection();
        Connection second = pool.getConnection()) {
      first.setAutoCommit(false);
      second.setAutoCommit(false);
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      JobId parent = id();
      NewJob child = Steps.after(parent);
      store.insert(List.of(mayExist(parent)), JdbcJobStore.transaction(first));

      Future<List<Enqueued>> batch =
          threads.submit(
              () ->
                  store.insert(List.of(mayExist(parent), child), JdbcJobStore.transaction(second)));
      awaitSomebodyWaitingOr(pool, batch);
      first.commit();
      assertThat(batch.get())
          .containsExactly(new Enqueued.Existing(parent), new Enqueued.Created(child.id()));

      LeasedJob running = Steps.claim(store, 1).get(0);
      Future<?> settled = threads.submit(() -> Steps.settle(store, running, Steps.succeeded()));
      awaitSomebodyWaitingOr(pool, settled);
      second.commit();
      settled.get();

      assertThat(Steps.claim(store, 5)).extracting(LeasedJob::id).containsExactly(child.id());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anIdOfTheCallersOwnNeedsATransactionThatSeesWhatHasEnded() throws Exception {
    try (HikariDataSource pool = Pools.of(PostgresServer.V18.url());
        Connection connection = pool.getConnection()) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      assertThatThrownBy(
              () -> store.insert(List.of(mayExist(id())), JdbcJobStore.transaction(connection)))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("READ COMMITTED");
      store.insert(List.of(Steps.job()), JdbcJobStore.transaction(connection));
      connection.rollback();
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRequeueDoesNotCutTheWindowOfItsKey(Databases database) {
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      UniqueKey key = new UniqueKey("k", Duration.ofDays(7));
      NewJob job = job(id(), false, key, List.of());
      store.insert(List.of(job));
      Outcome dead = new Outcome.Dead(DeadReason.EXHAUSTED, new Failure("E", "", ""));
      Steps.settle(store, Steps.claim(store, 1).get(0), dead);
      assertThat(store.records().requeue(job.id())).isTrue();
      Steps.settle(store, Steps.claim(store, 1).get(0), Steps.succeeded());

      assertThat(store.insert(List.of(job(id(), false, key, List.of()))))
          .containsExactly(new Enqueued.Existing(job.id()));
    }
  }
}
