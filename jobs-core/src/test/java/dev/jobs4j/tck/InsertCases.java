package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.NewJob;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an insert keeps, and what it takes for a repeat. */
abstract class InsertCases extends StoreCases {

  @Test
  void aStoredJobIsPendingAndDueAtOnce() {
    NewJob job = NewJobs.job().build();

    assertThat(store.insert(List.of(job))).containsExactly(new Enqueued.Created(job.id()));
    assertThat(state(job.id())).isEqualTo(JobState.PENDING);
    assertThat(isClaimable(job.id())).isTrue();
  }

  @Test
  void anEmptyInsertStoresNothing() {
    assertThat(store.insert(List.of())).isEmpty();
  }
}
