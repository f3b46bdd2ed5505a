package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.Retention;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.api.UniqueKey.OnConflict;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Claimers, inserters, settlers, renewals, reaps and prunes all at once on one MariaDB. Deadlocks
 * may happen; none may come out, and no job may be lost or given out twice.
 */
class MySqlLoadTest {

  private static final Duration LOAD = Duration.ofSeconds(4);
  private static final Failure FAILURE = new Failure("E", "again", "");

  @BeforeAll
  static void findServer() {
    MySqlDriver.MARIADB.requireServer(MySqlLoadTest.class);
  }

  /** What the threads of one run share. */
  private static final class Load {
    private final JdbcJobStore store;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger succeeded = new AtomicInteger();
    private final AtomicInteger dead = new AtomicInteger();
    private final BlockingQueue<LeasedJob> running = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<String> twice = new ConcurrentLinkedQueue<>();
    private final Map<Object, Boolean> leases = new ConcurrentHashMap<>();

    Load(JdbcJobStore store) {
      this.store = store;
    }

    Void insert(int seed) {
      Random random = new Random(seed);
      while (!over.get()) {
        List<NewJob> jobs = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
          NewJob.Builder job = Steps.job().toBuilder();
          job.priority(Priority.values()[random.nextInt(5)]);
          int kind = random.nextInt(6);
          if (kind < 2) {
            job.uniqueKey(new UniqueKey("key " + random.nextInt(40), Duration.ofMillis(50)));
          } else if (kind == 2) {
            OnConflict replace = OnConflict.values()[random.nextInt(3)];
            job.uniqueKey(new UniqueKey("r " + random.nextInt(5), Duration.ZERO, replace));
          } else if (!jobs.isEmpty() && jobs.get(0).uniqueKey() == null) {
            job.after(List.of(jobs.get(0).id()));
          }
          jobs.add(job.build());
        }
        store.insert(jobs).stream()
            .filter(answer -> answer instanceof Enqueued.Created)
            .forEach(answer -> created.incrementAndGet());
      }
      return null;
    }

    Void claim() {
      EngineId engine = Steps.engine(store);
      while (!over.get()) {
        give(store.claim(Steps.claimOf(engine, 10)));
        assertThat(store.renew(engine)).isPresent();
      }
      return null;
    }

    void give(List<LeasedJob> jobs) {
      for (LeasedJob job : jobs) {
        if (leases.put(job.lease(), true) != null) {
          twice.add(job.lease().toString());
        }
        running.add(job);
      }
    }

    Void settle(int seed) throws InterruptedException {
      Random random = new Random(seed);
      while (!over.get() || !running.isEmpty()) {
        List<LeasedJob> jobs = new ArrayList<>();
        LeasedJob first = running.poll(10, TimeUnit.MILLISECONDS);
        if (first != null) {
          jobs.add(first);
          running.drainTo(jobs, 30);
          settle(jobs, random);
        }
      }
      return null;
    }

    private void settle(List<LeasedJob> jobs, Random random) {
      List<Settlement> settlements = new ArrayList<>();
      for (LeasedJob job : jobs) {
        settlements.add(new Settlement(job.lease(), outcome(random.nextInt(10))));
      }
      assertThat(store.settle(settlements)).as("lost").isEmpty();
    }

    private Outcome outcome(int dice) {
      if (dice == 0) {
        return new Outcome.Retry(Duration.ZERO, FAILURE);
      } else if (dice == 1) {
        return new Outcome.Released();
      } else if (dice == 2) {
        dead.incrementAndGet();
        return new Outcome.Dead(DeadReason.REJECTED, FAILURE);
      }
      succeeded.incrementAndGet();
      return new Outcome.Succeeded(null);
    }

    Void maintain() {
      while (!over.get()) {
        store.reap(new ReapRequest(Duration.ofSeconds(1), 100, 3));
        store.prune(new PruneRequest(Retention.of(Duration.ofDays(1)), 100));
      }
      return null;
    }
  }

  @ParameterizedTest
  @EnumSource
  void noDeadlockComesOutAndNothingIsLost(MySqlDriver driver) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try (HikariDataSource pool = Pools.of(driver.url(), config -> config.setMaximumPoolSize(40))) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      Load load = new Load(store);
      List<Future<Void>> work = new ArrayList<>();
      submit(threads, work, 16, i -> load.claim());
      submit(threads, work, 8, load::insert);
      submit(threads, work, 4, load::settle);
      submit(threads, work, 1, i -> load.maintain());
      awaitEndOf(load, work);
      for (Future<Void> each : work) {
        each.get(1, TimeUnit.MINUTES);
      }

      drain(load);
      Map<JobState, Long> counts = store.records().count(Steps.QUEUE);
      assertThat(load.twice).as("given out twice under one lease").isEmpty();
      assertThat(load.created.get()).isGreaterThan(100);
      assertThat(counts.getOrDefault(JobState.SUCCEEDED, 0L)).isEqualTo(load.succeeded.get());
      assertThat(counts.getOrDefault(JobState.DEAD, 0L)).isEqualTo(load.dead.get());
      assertThat(counts.values().stream().mapToLong(Long::longValue).sum())
          .as("stored, by what the store answered")
          .isEqualTo(load.created.get());
      assertThat(counts).doesNotContainKey(JobState.RUNNING);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Ends the load when its time is over, or at the first error. */
  private static void awaitEndOf(Load load, List<Future<Void>> work) throws InterruptedException {
    long end = System.nanoTime() + LOAD.toNanos();
    while (System.nanoTime() < end && work.stream().noneMatch(Future::isDone)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    load.over.set(true);
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

  /** Only children of dead jobs may be left. */
  private static void drain(Load load) throws InterruptedException {
    EngineId engine = Steps.engine(load.store);
    List<LeasedJob> jobs = load.store.claim(Steps.claimOf(engine, 100));
    while (!jobs.isEmpty()) {
      load.give(jobs);
      load.settle(7);
      jobs = load.store.claim(Steps.claimOf(engine, 100));
    }
  }
}
