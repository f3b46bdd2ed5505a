package dev.jobs4j.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the store in memory promises beyond the contract. */
class InMemoryHistoryTest {

  private static final JobQueue QUEUE = JobQueue.of("memory");

  private final Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final InMemoryJobStore store = InMemoryJobStore.of(() -> now, 3);

  private List<JobId> insert(int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      JobId id = new JobId(UUID.randomUUID());
      jobs.add(NewJob.of(id, "work", QUEUE, new Payload("none", new byte[0])));
    }
    store.insert(jobs);
    return jobs.stream().map(NewJob::id).toList();
  }

  @Test
  void theNewestFinishedJobsAreKept() {
    List<JobId> ids = insert(5);
    ids.forEach(id -> store.records().cancel(id));

    assertThat(ids.stream().filter(id -> store.records().find(id).isPresent()))
        .containsExactlyElementsOf(ids.subList(2, 5));
  }

  @Test
  void aRequeuedJobIsNotDroppedWithTheHistory() {
    JobId first = insert(1).get(0);
    store.records().cancel(first);
    store.records().requeue(first);
    insert(5).forEach(id -> store.records().cancel(id));

    assertThat(store.records().find(first).orElseThrow().state()).isEqualTo(JobState.PENDING);
  }

  /** Called-off jobs stay in their lane until they are met or are the greater part of it. */
  @Test
  void calledOffJobsAreSweptOutOfTheirLane() {
    List<JobId> ids = insert(5_000);
    ids.subList(10, 5_000).forEach(id -> store.records().cancel(id));
    EngineId engine = new EngineId(UUID.randomUUID());
    store.register(new EngineInfo(engine, "node", "0", Duration.ofMinutes(1), Map.of(), Map.of()));

    List<LeasedJob> claimed =
        store.claim(
            new ClaimRequest(engine, UUID.randomUUID(), QUEUE, Map.of("work", 1), 100, false));

    assertThat(claimed.stream().map(LeasedJob::id))
        .containsExactlyInAnyOrderElementsOf(ids.subList(0, 10));
  }

  /** As a lock timeout of a database: nothing was done, and the message says what to end. */
  @Test
  void anInsertDoesNotWaitForEverForAnOpenTransaction() {
    NewJob job =
        NewJob.of(new JobId(UUID.randomUUID()), "work", QUEUE, new Payload("none", new byte[0]));
    try (InMemoryJobStore.Transaction transaction = store.begin()) {
      store.insert(List.of(job), transaction);
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> store.insert(List.of(job)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("commit it or roll it back");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aHistoryOfNothingIsRefused() {
    assertThatThrownBy(() -> InMemoryJobStore.of(() -> now, 0))
        .hasMessageContaining("history must be >= 1");
  }
}
