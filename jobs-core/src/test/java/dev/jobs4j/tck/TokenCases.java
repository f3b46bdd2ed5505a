package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The token is the authority: an outcome under a stale one is named as lost and changes nothing at
 * all, whatever it says.
 */
abstract class TokenCases extends StoreCases {

  private static final Failure LATE = new Failure("Late", "too late", "");

  static Stream<Outcome> outcomes() {
    return Stream.of(
        new Outcome.Succeeded(new Payload("late", new byte[] {1})),
        new Outcome.Retry(Duration.ofDays(1), LATE),
        new Outcome.Snoozed(Duration.ofDays(1)),
        new Outcome.Dead(DeadReason.REJECTED, LATE),
        new Outcome.Cancelled(),
        new Outcome.Released());
  }

  /** All that anyone can see of a job. */
  private record Picture(
      Optional<String> job,
      Optional<Failure> failure,
      List<AttemptRecord> attempts,
      Optional<String> result,
      int deadLetters) {}

  private Picture picture(JobId id) {
    return new Picture(
        records().find(id).map(TokenCases::fields),
        records().find(id).flatMap(Job::lastFailure),
        records().attempts(id),
        records().result(id).map(Payload::codec),
        records().deadLetters(QUEUE, null, 10).size());
  }

  private static String fields(Job job) {
    return List.of(
            job.state(),
            job.attempt(),
            job.crashes(),
            job.token(),
            job.runAt(),
            job.finishedAt(),
            job.suspect(),
            job.cancelRequested(),
            job.deadReason())
        .toString();
  }

  /** Claims a job, lets {@code happening} make the claim stale, then settles by the old lease. */
  private void assertRefused(Outcome outcome, Consumer<LeasedJob> happening) {
    insertOne();
    EngineId engine = engine();
    LeasedJob old = claimOne(engine);
    happening.accept(old);
    assertRefused(lease(old), outcome);
  }

  private void assertRefused(TokenLease stale, Outcome outcome) {
    Picture before = picture(stale.id());

    assertThat(settleAll(new Settlement(stale, outcome))).containsExactly(stale);

    assertThat(picture(stale.id())).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void anOutcomeIsRefusedAfterATakeover(Outcome outcome) {
    assertRefused(
        outcome,
        job -> {
          expireEngines();
          assertThat(reap().returned()).containsExactly(job.id());
        });
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void anOutcomeIsRefusedWhileAnotherEngineRunsTheJob(Outcome outcome) {
    assertRefused(
        outcome,
        job -> {
          expireEngines();
          reap();
          claimOne(engine());
        });
    assertThat(records().count(QUEUE)).containsEntry(JobState.RUNNING, 1L);
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void anOutcomeIsRefusedAfterARetry(Outcome outcome) {
    assertRefused(outcome, job -> settled(job, retry()));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void anOutcomeIsRefusedAfterARelease(Outcome outcome) {
    assertRefused(outcome, job -> settled(job, new Outcome.Released()));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void anOutcomeIsRefusedAfterASuccess(Outcome outcome) {
    assertRefused(outcome, job -> settled(job, succeeded()));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void anOutcomeIsRefusedAfterADeath(Outcome outcome) {
    assertRefused(outcome, job -> settled(job, new Outcome.Dead(DeadReason.DECODE, FAILURE)));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void anOutcomeIsRefusedAfterACancellation(Outcome outcome) {
    assertRefused(outcome, job -> settled(job, new Outcome.Cancelled()));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void anOutcomeIsRefusedAfterItsEngineRetired(Outcome outcome) {
    insertOne();
    EngineId engine = engine();
    LeasedJob old = claimOne(engine);
    store.retire(engine);

    assertRefused(lease(old), outcome);
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void anOutcomeIsRefusedAfterARequeue(Outcome outcome) {
    assertRefused(
        outcome,
        job -> {
          settled(job, new Outcome.Cancelled());
          assertThat(records().requeue(job.id())).isTrue();
        });
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void anOutcomeIsRefusedAfterADeletion(Outcome outcome) {
    assertRefused(
        outcome,
        job -> {
          settled(job, succeeded());
          assertThat(records().delete(job.id())).isTrue();
        });
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void anOutcomeUnderATokenNeverGivenIsRefused(Outcome outcome) {
    insertOne();
    LeasedJob running = claimOne(engine());

    assertRefused(new TokenLease(running.id(), lease(running).token() + 1), outcome);
    assertRefused(new TokenLease(running.id(), lease(running).token() - 1), outcome);
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void aRefusedOutcomeLeavesTheLeaseOfTheHolderWhole(Outcome outcome) {
    insertOne();
    LeasedJob old = claimOne(engine());
    expireEngines();
    reap();
    EngineId next = engine();
    LeasedJob current = claimOne(next);
    settle(old, outcome);

    assertThat(store.held(next)).containsExactly(lease(current));
    settled(current, succeeded());
    assertThat(state(current.id())).isEqualTo(JobState.SUCCEEDED);
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void aTokenIsNeverGivenTwice(Outcome outcome) {
    JobId id = insertOne();
    LeasedJob first = claimOne(engine());
    expireEngines();
    reap();
    LeasedJob second = claimOne(engine());
    settled(second, outcome);
    if (state(id) != JobState.SUCCEEDED) {
      records().requeue(id);
      advance(Duration.ofDays(2));
      LeasedJob third = claimOne(engine());
      assertThat(lease(third).token()).isGreaterThan(lease(second).token());
    }
    assertThat(lease(second).token()).isGreaterThan(lease(first).token() + 1);
  }
}
