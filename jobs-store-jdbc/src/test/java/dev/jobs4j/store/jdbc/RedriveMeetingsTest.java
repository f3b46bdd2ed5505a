package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Two operators redrive the same letters, each in an order of his own. */
class RedriveMeetingsTest {

  private static final Operator ANN = new Operator("ann", "is on call");
  private static final int LETTERS = 60;

  @Test
  void theyDoNotWaitForEachOtherInACircle() throws Exception {
    ListAppender<ILoggingEvent> repeats = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(Repeats.class);
    logger.setLevel(Level.DEBUG);
    logger.addAppender(repeats);
    repeats.start();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (HikariDataSource pool = Databases.POSTGRES_18.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      DeadLetterRecords letters = store.records().letters();
      for (int round = 0; round < 10; round++) {
        List<JobId> dead = dead(store);
        List<JobId> backwards = new ArrayList<>(dead);
        Collections.reverse(backwards);
        CyclicBarrier both = new CyclicBarrier(2);
        List<Future<Integer>> redriven = new ArrayList<>();
        for (List<JobId> order : List.of(dead, backwards)) {
          Map<JobId, Duration> delays = new LinkedHashMap<>();
          order.forEach(id -> delays.put(id, Duration.ZERO));
          redriven.add(
              threads.submit(
                  () -> {
                    both.await();
                    return letters.redrive(delays, ANN).jobs().size();
                  }));
        }
        int all = 0;
        for (Future<Integer> one : redriven) {
          all += one.get(60, TimeUnit.SECONDS);
        }
        assertThat(all).as("each letter once").isEqualTo(LETTERS);
      }
      assertThat(repeats.list).as("run again as the victim of the other").isEmpty();
    } finally {
      logger.detachAppender(repeats);
      threads.shutdownNow();
    }
  }

  private static List<JobId> dead(JdbcJobStore store) {
    store.insert(Stream.generate(Steps::job).limit(LETTERS).toList());
    List<Settlement> deaths = new ArrayList<>();
    List<JobId> ids = new ArrayList<>();
    while (ids.size() < LETTERS) {
      for (LeasedJob job : Steps.claim(store, LETTERS)) {
        ids.add(job.id());
        deaths.add(
            new Settlement(
                job.lease(), new Outcome.Dead(DeadReason.REJECTED, new Failure("E", "e", ""))));
      }
    }
    store.settle(deaths);
    return ids;
  }
}
