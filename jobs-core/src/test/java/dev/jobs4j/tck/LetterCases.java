package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Short words for cases about dead letters. */
abstract class LetterCases extends StoreCases {

  static final Operator OPERATOR = new Operator("ann", "bank is back");

  final DeadLetterRecords letters() {
    return records().letters();
  }

  /** Stores a job and lets its first attempt end it. */
  final JobId dead(NewJobs wanted) {
    return dead(wanted, FAILURE);
  }

  final JobId dead(NewJobs wanted, Failure failure) {
    NewJob job = wanted.build();
    insert(job);
    EngineId engine = engine();
    List<LeasedJob> claimed =
        store.claim(
            new ClaimRequest(
                engine,
                UUID.randomUUID(),
                job.queue(),
                Map.of(job.type(), job.typeVersion()),
                1_000,
                true));
    for (LeasedJob running : claimed) {
      settled(
          running,
          running.id().equals(job.id())
              ? new Outcome.Dead(DeadReason.REJECTED, failure)
              : new Outcome.Released());
    }
    return job.id();
  }

  final ClaimRequest claimOf(EngineId engine, int limit, Map<String, Integer> types) {
    return new ClaimRequest(engine, UUID.randomUUID(), QUEUE, types, limit, true);
  }

  final void redrive(JobId id) {
    assertThat(letters().redrive(Map.of(id, Duration.ZERO), OPERATOR).jobs()).containsExactly(id);
  }
}
