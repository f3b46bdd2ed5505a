package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every call on a job in every state: the legal moves happen, all others change nothing. A job
 * comes into its state the legal way, and carries the token that the state was reached with.
 */
abstract class TransitionMatrixCases extends StoreCases {

  private EngineId holder;

  /** A job in this state; one that is pending has been claimed and given back. */
  private TokenLease jobIn(JobState state) {
    JobId id = insertOne();
    holder = engine();
    LeasedJob claimed = claimOne(holder);
    switch (state) {
      case PENDING -> settled(claimed, new Outcome.Released());
      case RUNNING -> {}
      case SUCCEEDED -> settled(claimed, succeeded());
      case DEAD -> settled(claimed, new Outcome.Dead(DeadReason.REJECTED, FAILURE));
      case CANCELLED -> settled(claimed, new Outcome.Cancelled());
    }
    assertThat(state(id)).isEqualTo(state);
    return lease(claimed);
  }

  private void assertSettles(JobState from, Outcome outcome, JobState to) {
    TokenLease lease = jobIn(from);

    assertThat(store.settle(List.of(new Settlement(lease, outcome))))
        .hasSize(from == JobState.RUNNING ? 0 : 1);

    assertMoved(lease, from, Map.of(JobState.RUNNING, to));
  }

  /** The job has made the move that is legal from its state, or none. */
  private void assertMoved(TokenLease job, JobState from, Map<JobState, JobState> legal) {
    JobState expected = legal.getOrDefault(from, from);
    assertThat(state(job.id())).isEqualTo(expected);
    assertThat(records().count(QUEUE).values().stream().mapToLong(n -> n).sum())
        .as("rows of the queue")
        .isEqualTo(1);
    assertThat(records().count(QUEUE)).containsEntry(expected, 1L);
    assertThat(records().deadLetters(QUEUE, null, 10)).hasSize(expected == JobState.DEAD ? 1 : 0);
    assertThat(job(job.id()).finishedAt().isPresent()).isEqualTo(expected.isTerminal());
  }

  @ParameterizedTest
  @EnumSource
  void aRepeatedEnqueueMovesNoJob(JobState from) {
    TokenLease job = jobIn(from);

    assertThat(store.insert(List.of(NewJobs.job().repeatable(job.id()).build())))
        .containsExactly(new Enqueued.Existing(job.id()));

    assertMoved(job, from, Map.of());
  }

  @ParameterizedTest
  @EnumSource
  void onlyAPendingJobIsClaimed(JobState from) {
    TokenLease job = jobIn(from);

    assertThat(claim(engine(), 10)).hasSize(from == JobState.PENDING ? 1 : 0);

    assertMoved(job, from, Map.of(JobState.PENDING, JobState.RUNNING));
  }

  @ParameterizedTest
  @EnumSource
  void onlyARunningJobSucceeds(JobState from) {
    assertSettles(from, succeeded(), JobState.SUCCEEDED);
  }

  @ParameterizedTest
  @EnumSource
  void onlyARunningJobIsRetried(JobState from) {
    assertSettles(from, retry(), JobState.PENDING);
  }

  @ParameterizedTest
  @EnumSource
  void onlyARunningJobIsSnoozed(JobState from) {
    assertSettles(from, new Outcome.Snoozed(Duration.ofHours(1)), JobState.PENDING);
  }

  @ParameterizedTest
  @EnumSource
  void onlyARunningJobIsReleased(JobState from) {
    assertSettles(from, new Outcome.Released(), JobState.PENDING);
  }

  @ParameterizedTest
  @EnumSource
  void onlyARunningJobDies(JobState from) {
    assertSettles(from, new Outcome.Dead(DeadReason.DECODE, FAILURE), JobState.DEAD);
  }

  @ParameterizedTest
  @EnumSource
  void onlyARunningJobIsCancelledByItsHolder(JobState from) {
    assertSettles(from, new Outcome.Cancelled(), JobState.CANCELLED);
  }

  @ParameterizedTest
  @EnumSource
  void onlyAPendingJobIsCancelledFromOutside(JobState from) {
    TokenLease job = jobIn(from);

    records().cancel(job.id());

    assertMoved(job, from, Map.of(JobState.PENDING, JobState.CANCELLED));
  }

  @ParameterizedTest
  @EnumSource
  void onlyADeadOrCancelledJobIsRequeued(JobState from) {
    TokenLease job = jobIn(from);

    assertThat(records().requeue(job.id()))
        .isEqualTo(from == JobState.DEAD || from == JobState.CANCELLED);

    assertMoved(
        job, from, Map.of(JobState.DEAD, JobState.PENDING, JobState.CANCELLED, JobState.PENDING));
  }

  @ParameterizedTest
  @EnumSource
  void onlyAJobThatHasEndedIsDeleted(JobState from) {
    TokenLease job = jobIn(from);

    assertThat(records().delete(job.id())).isEqualTo(from.isTerminal());

    if (from.isTerminal()) {
      assertThat(records().find(job.id())).isEmpty();
    } else {
      assertMoved(job, from, Map.of());
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyARunningJobIsTakenBackFromADeadEngine(JobState from) {
    TokenLease job = jobIn(from);
    expireEngines();

    assertThat(reap().returned()).hasSize(from == JobState.RUNNING ? 1 : 0);

    assertMoved(job, from, Map.of(JobState.RUNNING, JobState.PENDING));
    if (from != JobState.RUNNING) {
      assertThat(job(job.id()).token()).isEqualTo(job.token());
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyARunningJobIsTakenBackFromALeavingEngine(JobState from) {
    TokenLease job = jobIn(from);

    store.retire(holder);

    assertMoved(job, from, Map.of(JobState.RUNNING, JobState.PENDING));
    if (from != JobState.RUNNING) {
      assertThat(job(job.id()).token()).isEqualTo(job.token());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRenewalMovesNoJob(JobState from) {
    TokenLease job = jobIn(from);

    assertThat(store.renew(holder)).isPresent();

    assertMoved(job, from, Map.of());
  }

  @ParameterizedTest
  @EnumSource
  void onlySucceededAndCancelledJobsArePruned(JobState from) {
    TokenLease job = jobIn(from);
    advance(Duration.ofDays(30));

    prune(Duration.ofDays(7), 100);

    if (from == JobState.SUCCEEDED || from == JobState.CANCELLED) {
      assertThat(records().find(job.id())).isEmpty();
    } else {
      assertMoved(job, from, Map.of());
    }
  }

  @ParameterizedTest
  @EnumSource
  void askingMovesNoJob(JobState from) {
    TokenLease job = jobIn(from);

    store.settled(List.of(job));
    store.claimed(holder, new UUID(0, 0));
    store.held(holder);
    records().attempts(job.id());
    records().result(job.id());

    assertMoved(job, from, Map.of());
    assertThat(job(job.id()).token()).isEqualTo(job.token());
  }
}
