package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Nodes that die with what they hold, again and again, while others go on: the leases of a key are
 * never more than its limit, looked at behind every claim, and every job ends. {@code
 * -Djobs4j.limited=100000 -Dsurefire.timeout=7200} for more of them.
 */
class LimitsUnderKillsTest {

  private static final int COUNT = Integer.getInteger("jobs4j.limited", 1_500);
  private static final int NODES = 3;
  private static final Map<String, Integer> MOST = Map.of("one", 1, "two", 2, "seven", 7);

  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger claims = new AtomicInteger();
  private final AtomicLong ended = new AtomicLong();

  @ParameterizedTest
  @EnumSource(Databases.class)
  @Timeout(value = 2, unit = TimeUnit.HOURS) // for as many as are asked for
  void noKeyHasMoreLeasesThanItsLimitLets(Databases database) throws Exception {
    Assumptions.assumeTrue(database.url() != null);
    JdbcStoreOptions options = Databases.newTables();
    ExecutorService nodes = Executors.newFixedThreadPool(NODES);
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      MOST.forEach(
          (name, most) -> store.limits().orElseThrow().define(JobLimit.running(name, most)));
      for (int i = 0; i < COUNT; i += 500) {
        store.insert(jobs(i, Math.min(500, COUNT - i)));
      }
      long begin = System.nanoTime();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        Node node = new Node(store, pool, options, new Random(i));
        running.add(nodes.submit(node::work));
      }
      for (Future<?> node : running) {
        node.get();
      }
      LoggerFactory.getLogger(getClass())
          .info(
              "{}: {} jobs, {} claims, {} kills, {} ms",
              database,
              COUNT,
              claims,
              kills,
              (System.nanoTime() - begin) / 1_000_000);
      assertThat(kills.get()).isPositive();
      assertThat(store.records().count(Steps.QUEUE))
          .containsEntry(JobState.SUCCEEDED, (long) COUNT)
          .doesNotContainKeys(JobState.PENDING, JobState.RUNNING, JobState.DEAD);
    } finally {
      nodes.shutdownNow();
    }
  }

  private static List<NewJob> jobs(int from, int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      Set<LimitKey> keys =
          switch (i % 4) {
            case 0 -> Set.of(new LimitKey("one", "a"), new LimitKey("seven", ""));
            case 1 -> Set.of(new LimitKey("two", "b"));
            case 2 -> Set.of(new LimitKey("two", "b"), new LimitKey("seven", ""));
            default -> Set.of(new LimitKey("seven", ""));
          };
      jobs.add(Steps.job().toBuilder().limits(keys).build());
    }
    return jobs;
  }

  /** A process that works, and dies now and then. */
  private final class Node {
    private final JdbcJobStore store;
    private final HikariDataSource pool;
    private final String job;
    private final Random random;
    private int given;

    Node(JdbcJobStore store, HikariDataSource pool, JdbcStoreOptions options, Random random) {
      this.store = store;
      this.pool = pool;
      job = options.tablePrefix() + "job";
      this.random = random;
    }

    Void work() throws SQLException, InterruptedException {
      EngineId engine = null;
      while (ended.get() < COUNT) {
        if (engine == null) {
          engine = Steps.engine(store, Duration.ofMillis(500));
        }
        try {
          if (store.renew(engine).isEmpty()) {
            engine = null; // it was too slow
            continue;
          }
          List<LeasedJob> jobs = store.claim(Steps.claimOf(engine, 1 + random.nextInt(6)));
          claims.incrementAndGet();
          assertWithinLimits();
          if (!jobs.isEmpty() && ++given % 120 == 20) {
            kills.incrementAndGet();
            engine = null; // with all that it holds
            continue;
          }
          settle(jobs);
          if (jobs.isEmpty() || random.nextInt(50) == 0) {
            store.reap(new ReapRequest(Duration.ofMillis(100), 100, 1_000));
            Thread.sleep(1); // the others are to have the processor
          }
        } catch (StoreException e) {
          if (e.outcome() != StoreException.Certainty.NOT_DONE) {
            throw e;
          }
        }
      }
      return null;
    }

    private void settle(List<LeasedJob> jobs) {
      List<Settlement> settlements = new ArrayList<>();
      int done = 0;
      for (LeasedJob leased : jobs) {
        boolean fails = random.nextInt(10) == 0;
        done += fails ? 0 : 1;
        settlements.add(
            new Settlement(
                leased.lease(), fails ? new Outcome.Released() : new Outcome.Succeeded(null)));
      }
      if (!settlements.isEmpty()) {
        Set<?> lost = store.settle(settlements);
        ended.addAndGet(lost.isEmpty() ? done : counted(settlements, lost));
      }
    }

    private int counted(List<Settlement> settlements, Set<?> lost) {
      return (int)
          settlements.stream()
              .filter(s -> s.outcome() instanceof Outcome.Succeeded && !lost.contains(s.lease()))
              .count();
    }

    private void assertWithinLimits() throws SQLException {
      Map<String, Integer> leases = new HashMap<>();
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery("SELECT limits FROM " + job + " WHERE state = 'RUNNING'")) {
        while (row.next()) {
          LimitKeys.read(row.getString(1))
              .forEach(key -> leases.merge(key.limit(), 1, Integer::sum));
        }
      }
      MOST.forEach(
          (name, most) ->
              assertThat(leases.getOrDefault(name, 0))
                  .as("leases of " + name)
                  .isLessThanOrEqualTo(most));
    }
  }
}
