package dev.jobs4j.core;

import static dev.jobs4j.core.DeadLettersTest.TRANSFER;
import static dev.jobs4j.core.DeadLettersTest.claim;
import static dev.jobs4j.core.DeadLettersTest.died;
import static dev.jobs4j.core.DeadLettersTest.end;
import static dev.jobs4j.core.DeadLettersTest.transfer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.DataKey;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A job that has ended runs again as another one. */
class RerunTest {

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final StaticKeyProvider keys =
      StaticKeyProvider.create().add(DataKey.of("k1", new byte[32]));

  private JobsBuilder builder() {
    return Jobs.builder().store(store);
  }

  @Test
  void aJobThatSucceededRunsAgainUnderAnotherId() {
    try (Jobs jobs = builder().encryption(EncryptionOptions.with(keys)).enqueueOnly()) {
      JobId id =
          jobs.enqueue(
                  transfer(5)
                      .queue("mail")
                      .tenant("acme")
                      .priority(Priority.HIGH)
                      .tags("t")
                      .maxAttempts(3)
                      .timeout(Duration.ofSeconds(5))
                      .uniqueKey("k"))
              .id();
      end(store, JobQueue.of("mail"), new Outcome.Succeeded(null));
      assertThat(jobs.requeue(id)).isFalse();

      JobId again = jobs.rerun(id);

      assertThat(again).isNotEqualTo(id);
      assertThat(jobs.find(id)).map(Job::state).contains(JobState.SUCCEEDED);
      LeasedJob rerun = claim(store, JobQueue.of("mail")).get(0);
      assertThat(rerun.id()).isEqualTo(again);
      assertThat(rerun.tenant()).isEqualTo("acme");
      assertThat(rerun.tags()).containsExactly("t");
      assertThat(rerun.maxAttempts()).isEqualTo(3);
      assertThat(rerun.headers()).containsEntry("jobs.timeout", "PT5S");
      assertThat(jobs.find(again)).map(Job::priority).contains(Priority.HIGH);
      assertThat(rerun.payload().codec()).isEqualTo("json+aes");
      assertThat(rerun.payload().bytes())
          .isNotEqualTo(store.records().content(id).orElseThrow().payload().bytes());
    }
  }

  @Test
  void aRerunOfAnEncryptedJobIsReadByItsHandler() throws InterruptedException {
    Endings endings = new Endings();
    List<Integer> seen = new CopyOnWriteArrayList<>();
    InMemoryJobStore ticking = InMemoryJobStore.create();
    try (Jobs jobs =
        Jobs.builder()
            .store(ticking)
            .listener(endings)
            .encryption(EncryptionOptions.with(keys))
            .handler(TRANSFER, (transfer, context) -> seen.add(transfer.cents()))
            .start()) {
      JobId id = jobs.enqueue(transfer(5)).id();
      endings.of(id, JobEvent.Succeeded.class);
      endings.of(jobs.rerun(id), JobEvent.Succeeded.class);
    }
    assertThat(seen).containsExactly(5, 5);
  }

  @Test
  void whatHasNotEndedIsNotRerun() {
    try (Jobs jobs = builder().enqueueOnly()) {
      JobId pending = jobs.enqueue(transfer(1)).id();
      assertThatThrownBy(() -> jobs.rerun(pending))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("it is PENDING");
      assertThatThrownBy(() -> jobs.rerun(new JobId(UUID.randomUUID())))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("is not known");
    }
  }

  @Test
  void aRerunWithoutTheKeyStoresNothing() {
    JobId id;
    try (Jobs jobs = builder().encryption(EncryptionOptions.with(keys)).enqueueOnly()) {
      id = jobs.enqueue(transfer(1)).id();
    }
    end(store, JobQueue.DEFAULT, died("E"));
    try (Jobs stranger = builder().enqueueOnly()) {
      assertThatThrownBy(() -> stranger.rerun(id))
          .isInstanceOf(JobException.class)
          .hasMessageContaining("k1");
    }
    assertThat(claim(store, JobQueue.DEFAULT)).isEmpty();
  }
}
