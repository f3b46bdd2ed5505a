package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.BlockedLine;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Fifo.OnDead;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Settlement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Several nodes at a few lines, with deaths, crashes, cancels and redrives: one job of a line at a
 * time, in order, none forgotten, and nobody waits for nobody.
 */
class FifoRaceTest {

  private static final Duration LOAD = Duration.ofSeconds(6);
  private static final Duration LEASE = Duration.ofMillis(700);
  private static final Failure FAILURE = new Failure("java.io.IOException", "no route", "");
  private static final Operator ADA = new Operator("ada", "ticket 42");
  private static final int LINES = 8;
  private static final int MOST_WAITING = 1_000;

  /** A job as its enqueuer knows it: the how-manieth of its thread in its line. */
  private record Known(String line, int thread, int number, OnDead onDead) {}

  /** The load, and what it saw. */
  private static final class Load {
    private final JdbcJobStore store;
    private final AtomicBoolean full = new AtomicBoolean(true);
    private final AtomicBoolean over = new AtomicBoolean();
    private final Map<JobId, Known> jobs = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<JobId> recent = new ConcurrentLinkedQueue<>();
    private final Map<String, JobId> current = new ConcurrentHashMap<>();
    private final Map<String, JobId> blocking = new ConcurrentHashMap<>();
    private final Map<String, Integer> started = new ConcurrentHashMap<>();
    private final Set<Object> leases = ConcurrentHashMap.newKeySet();
    private final Set<JobId> ended = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

    Load(JdbcJobStore store) {
      this.store = store;
    }

    Void enqueue(int thread) throws InterruptedException {
      Random random = new Random(thread);
      int[] numbers = new int[LINES];
      while (full.get()) {
        if (jobs.size() - ended.size() > MOST_WAITING) {
          TimeUnit.MILLISECONDS.sleep(1);
          continue;
        }
        List<NewJob> batch = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
          int line = random.nextInt(LINES);
          OnDead onDead = random.nextBoolean() ? OnDead.BLOCK : OnDead.SKIP;
          NewJob job = Steps.job().toBuilder().fifo(new Fifo("line " + line, onDead)).build();
          jobs.put(job.id(), new Known("line " + line, thread, numbers[line]++, onDead));
          batch.add(job);
        }
        store.insert(batch);
        batch.forEach(job -> recent.add(job.id()));
      }
      return null;
    }

    Void work(int seed) {
      Random random = new Random(seed);
      EngineId engine = Steps.engine(store, LEASE);
      while (!over.get()) {
        if (store.renew(engine).isEmpty()) {
          engine = Steps.engine(store, LEASE);
        }
        List<LeasedJob> claimed = store.claim(Steps.claimOf(engine, 1 + random.nextInt(5)));
        claimed.forEach(this::start);
        if (full.get() && random.nextInt(40) == 0) {
          engine = Steps.engine(store, LEASE); // as if it died
        } else {
          settle(claimed, random);
        }
      }
      return null;
    }

    private void start(LeasedJob job) {
      Known known = jobs.get(job.id());
      if (!leases.add(job.lease())) {
        wrong.add(known + " was given out twice as " + job.lease());
      }
      JobId before = current.put(known.line(), job.id());
      if (before != null && !before.equals(job.id()) && !ended.contains(before)) {
        wrong.add(known + " started while " + jobs.get(before) + " had not ended");
      }
      JobId letter = blocking.get(known.line());
      if (letter != null && !letter.equals(job.id())) {
        wrong.add(known + " started behind the dead " + jobs.get(letter));
      }
      int last = started.getOrDefault(known.line() + " of " + known.thread(), -1);
      if (known.number() < last) {
        wrong.add(known + " started behind number " + last);
      }
      started.put(known.line() + " of " + known.thread(), known.number());
    }

    private void settle(List<LeasedJob> claimed, Random random) {
      List<Settlement> settlements = new ArrayList<>();
      for (LeasedJob job : claimed) {
        Outcome outcome = full.get() ? outcome(random.nextInt(20)) : Steps.succeeded();
        if (outcome instanceof Outcome.Dead || outcome instanceof Outcome.Succeeded) {
          ended.add(job.id());
        }
        Known known = jobs.get(job.id());
        if (outcome instanceof Outcome.Dead && known.onDead() == OnDead.BLOCK) {
          blocking.put(known.line(), job.id());
        }
        settlements.add(new Settlement(job.lease(), outcome));
      }
      store
          .settle(settlements)
          .forEach(lost -> blocking.remove(jobs.get(lost.id()).line(), lost.id()));
    }

    private static Outcome outcome(int dice) {
      return switch (dice) {
        case 0, 1 -> new Outcome.Retry(Duration.ZERO, FAILURE);
        case 2 -> new Outcome.Released();
        case 3 -> new Outcome.Dead(DeadReason.REJECTED, FAILURE);
        default -> Steps.succeeded();
      };
    }

    /** Calls off some that wait; nobody else takes the same ones. */
    Void cancel() {
      int seen = 0;
      while (full.get()) {
        JobId job = recent.poll();
        if (job != null && ++seen % 10 == 0) {
          ended.add(job);
          store.records().cancel(job);
        }
      }
      return null;
    }

    Void operate() {
      while (!over.get()) {
        for (BlockedLine line : store.records().letters().blockedLines(null, 10)) {
          blocking.remove(line.key(), line.letter());
          ended.remove(line.letter());
          store.records().letters().redrive(Map.of(line.letter(), Duration.ZERO), ADA);
        }
        store.reap(new ReapRequest(Duration.ZERO, 100, 1_000));
      }
      return null;
    }
  }

  private interface Task {
    Void run(int number) throws Exception;
  }

  private static void submit(
      ExecutorService threads, List<Future<Void>> work, int count, Task task) {
    for (int i = 0; i < count; i++) {
      int number = i;
      Callable<Void> callable = () -> task.run(number);
      work.add(threads.submit(callable));
    }
  }

  private static long deadlocks(Databases database, HikariDataSource pool) throws SQLException {
    String look =
        switch (database) {
          case H2 -> "SELECT 0, 0";
          case POSTGRES_15, POSTGRES_18 ->
              "SELECT 0, deadlocks FROM pg_stat_database WHERE datname = current_database()";
          case MARIADB, MARIADB_BY_CONNECTOR_J -> "SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'";
        };
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(look)) {
      row.next();
      return row.getLong(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachLineIsRunInOrderAndNoneIsForgotten(Databases database) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try (HikariDataSource pool =
        Pools.of(database.url(), config -> config.setMaximumPoolSize(20))) {
      JdbcStoreOptions options = Databases.newTables();
      Load load = new Load(JdbcJobStore.of(pool, options));
      long deadlocksBefore = deadlocks(database, pool);
      List<Future<Void>> work = new ArrayList<>();
      submit(threads, work, 4, load::enqueue);
      submit(threads, work, 5, load::work);
      submit(threads, work, 1, i -> load.cancel());
      submit(threads, work, 1, i -> load.operate());

      awaitOr(work, LOAD, () -> false);
      load.full.set(false);
      String left = "SELECT COUNT(*) FROM " + options.tablePrefix();
      awaitOr(
          work.subList(4, 9), Duration.ofMinutes(1), () -> Steps.number(pool, left + "job") == 0);
      load.over.set(true);
      for (Future<Void> each : work) {
        each.get(1, TimeUnit.MINUTES);
      }

      assertThat(load.wrong).isEmpty();
      assertThat(load.jobs).hasSizeGreaterThan(100);
      assertThat(Steps.number(pool, left + "job")).as("jobs that nobody lets go").isZero();
      assertThat(Steps.number(pool, left + "place")).as("places left").isZero();
      assertThat(Steps.number(pool, left + "line")).as("lines left").isZero();
      assertThat(deadlocks(database, pool) - deadlocksBefore).as("deadlocks").isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  private interface Condition {
    boolean holds();
  }

  /** Until the time is over, the condition holds or one of the tasks has failed. */
  private static void awaitOr(List<Future<Void>> work, Duration most, Condition condition)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (System.nanoTime() < end
        && !condition.holds()
        && work.stream().noneMatch(Future::isDone)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
