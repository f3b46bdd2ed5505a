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
 * Many recurring jobs are due at once and two nodes fire them; {@code -Djobs4j.schedules=10000} for
 * more of them.
 */
class ManySchedulesTest {

  private static final int COUNT = Integer.getInteger("jobs4j.schedules", 1_000);
  private static final JobQueue NOBODYS = JobQueue.of("nobodys");

  @ParameterizedTest
  @EnumSource(Databases.class)
  void allFireWithinTheMinuteAndOnce(Databases database) throws InterruptedException {
    Assumptions.assumeTrue(database.url() != null);
    CountDownLatch enqueued = new CountDownLatch(COUNT);
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      ScheduleStore schedules = store.schedules();
      for (int i = 0; i < COUNT; i++) {
        schedules.save(hourly("s" + i), Optional::of); // due at once
      }
      long start = System.nanoTime();
      try (Jobs first = node(store, enqueued);
          Jobs second = node(store, enqueued)) {
        assertThat(enqueued.await(60, TimeUnit.SECONDS)).isTrue();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        LoggerFactory.getLogger(getClass()).info("{}: {} fired in {}", database, COUNT, took);
        assertThat(schedules.due(1)).isEmpty();
        assertThat(first.health().troubles()).isEmpty();
        assertThat(second.health().troubles()).isEmpty();
      }
      assertThat(store.records().count(NOBODYS)).containsEntry(JobState.PENDING, (long) COUNT);
    }
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
