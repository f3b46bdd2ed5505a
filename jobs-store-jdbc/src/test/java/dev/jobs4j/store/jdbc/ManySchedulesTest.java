package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.ScheduleStore;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Many recurring jobs are due at once and two nodes fire them: ten thousand on PostgreSQL 15, fewer
 * elsewhere, where saving them takes longer than firing them; {@code -Djobs4j.schedules=10000} for
 * as many everywhere. Two cores then fire them in 1.6 s on PostgreSQL 15, 1.8 s on 18 and 2.2 s on
 * H2.
 */
class ManySchedulesTest {

  private static final JobQueue NOBODYS = JobQueue.of("nobodys");

  @ParameterizedTest
  @EnumSource(Databases.class)
  void allFireWithinTheMinuteAndOnce(Databases database) throws InterruptedException {
    Assumptions.assumeTrue(database.url() != null);
    int count = count(database);
    CountDownLatch enqueued = new CountDownLatch(count);
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      ScheduleStore schedules = store.schedules();
      for (int i = 0; i < count; i++) {
        schedules.save(hourly("s" + i), Optional::of); // due at once
      }
      long start = System.nanoTime();
      try (Jobs first = node(store, enqueued);
          Jobs second = node(store, enqueued)) {
        assertThat(enqueued.await(60, TimeUnit.SECONDS)).isTrue();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        LoggerFactory.getLogger(getClass()).info("{}: {} fired in {}", database, count, took);
        assertThat(schedules.due(1)).isEmpty();
        assertThat(first.health().troubles()).isEmpty();
        assertThat(second.health().troubles()).isEmpty();
      }
      assertThat(store.records().count(NOBODYS)).containsEntry(JobState.PENDING, (long) count);
    }
  }

  private static int count(Databases database) {
    return Integer.getInteger(
        "jobs4j.schedules", database == Databases.POSTGRES_15 ? 10_000 : 1_000);
  }

  private static Jobs node(JdbcJobStore store, CountDownLatch enqueued) {
    return Jobs.builder()
        .store(store)
        .handler(JobType.of("other", String.class), (payload, context) -> payload)
        .listener(
            event -> {
              if (event instanceof JobEvent.Enqueued) {
                enqueued.countDown();
              }
            })
        .start();
  }

  private static ScheduleDefinition hourly(String name) {
    return new ScheduleDefinition(
        name,
        "@every PT1H",
        "UTC",
        "RUN_ONCE",
        "SKIP",
        Duration.ZERO,
        null,
        false,
        NewJob.of(
            new JobId(new UUID(0, 0)), "tick", NOBODYS, new Payload("json", new byte[] {'1'})));
  }
}
