package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.core.schema.JsonSchemaCheck;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A check stands at the enqueue and again before the run. */
class ChecksOnTheWayTest {

  private static final JobType<Map<String, Object>> ORDER = JobType.ofGeneric("order", Map.class);
  private static final JobType<Map<String, Object>> OLD_NAME =
      JobType.ofGeneric("old-order", Map.class);

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final Endings endings = new Endings();
  private final List<Object> seen = new CopyOnWriteArrayList<>();
  private final JsonSchemaCheck check =
      JsonSchemaCheck.builder()
          .schema("order", 1, "{\"properties\":{\"n\":{\"maximum\":9}}}")
          .schema("order", 2, "{\"required\":[\"m\"]}")
          .build();

  private JobsBuilder builder() {
    return Jobs.builder().store(store).listener(endings);
  }

  @Test
  void whatBreaksItIsNotStored() {
    try (Jobs jobs = builder().check(check).enqueueOnly()) {
      jobs.enqueue(ORDER, Map.of("n", 9));
      assertThatThrownBy(() -> jobs.enqueue(ORDER, Map.of("n", 10)))
          .isInstanceOf(InvalidJobException.class)
          .hasMessage("payload of type order version 1 breaks its schema: /n maximum");
      assertThat(store.records().count(JobQueue.DEFAULT).values()).containsExactly(1L);
    }
  }

  @Test
  void whatOthersStoredIsADeadLetterAndNeverRuns() throws InterruptedException {
    JobId bad;
    JobId alias;
    try (Jobs jobs = builder().enqueueOnly()) {
      bad = jobs.enqueue(ORDER, Map.of("n", 10)).id();
      alias = jobs.enqueue(OLD_NAME, Map.of("n", 11)).id();
    }
    try (Jobs jobs =
        builder()
            .check(check)
            .handler(
                ORDER,
                (order, context) -> seen.add(order),
                HandlerOptions.defaults().aliases("old-order"))
            .start()) {
      for (JobId id : List.of(bad, alias)) {
        JobEvent.Died died = endings.of(id, JobEvent.Died.class);
        assertThat(died.reason()).isEqualTo(DeadReason.INVALID);
        assertThat(died.failure().message()).endsWith("breaks its schema: /n maximum");
      }
      assertThatThrownBy(() -> jobs.enqueue(OLD_NAME, Map.of("n", 10)))
          .isInstanceOf(InvalidJobException.class);
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void whatAnUpcastMakesIsCheckedInItsNewVersion() throws InterruptedException {
    try (Jobs jobs =
        builder()
            .check(check)
            .upcast(
                "order",
                1,
                fields -> {
                  if (fields.get("n").equals(1)) {
                    fields.put("m", 1);
                  }
                  return fields;
                })
            .handler(ORDER.version(2), (order, context) -> seen.add(order))
            .start()) {
      JobId good = jobs.enqueue(ORDER, Map.of("n", 1)).id();
      JobId bad = jobs.enqueue(ORDER, Map.of("n", 2)).id();
      endings.of(good, JobEvent.Succeeded.class);
      JobEvent.Died died = endings.of(bad, JobEvent.Died.class);
      assertThat(died.reason()).isEqualTo(DeadReason.INVALID);
      assertThat(died.failure().message())
          .isEqualTo("payload of type order version 2 breaks its schema: / required \"m\"");
    }
    assertThat(seen).containsExactly(Map.of("n", 1, "m", 1));
  }

  @Test
  void aCheckThatFailsIsToldWithoutWhatItSays() throws InterruptedException {
    JobId id;
    try (Jobs jobs = builder().enqueueOnly()) {
      id = jobs.enqueue(ORDER, Map.of("n", 1)).id();
    }
    try (Jobs jobs =
        builder()
            .check(
                (type, version, payload) -> {
                  throw new IllegalStateException("secret");
                })
            .handler(ORDER, (order, context) -> seen.add(order))
            .start()) {
      JobEvent.Died died = endings.of(id, JobEvent.Died.class);
      assertThat(died.reason()).isEqualTo(DeadReason.INVALID);
      assertThat(died.failure().toString())
          .contains("IllegalStateException at ")
          .doesNotContain("secret");
      assertThat(jobs.deadLetters().list(DeadLetterFilter.all(), null, 9)).hasSize(1);
    }
    assertThat(seen).isEmpty();
  }
}
