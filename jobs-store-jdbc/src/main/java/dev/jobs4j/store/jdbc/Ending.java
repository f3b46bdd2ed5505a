package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.WaitRule;
import dev.jobs4j.spi.WaitRule.Effect;

/** What became of a job that others may wait for. */
enum Ending {
  SUCCEEDED(JobState.SUCCEEDED),
  CANCELLED(JobState.CANCELLED),
  DEAD(JobState.DEAD),
  /** It died or was called off, and nobody can requeue it any more. */
  DELETED(JobState.DEAD);

  private final JobState state;

  Ending(JobState state) {
    this.state = state;
  }

  Effect on(WaitRule rule) {
    return this == DELETED ? rule.onDelete() : rule.onEnd(state);
  }
}
