package dev.jobs4j.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Workflow;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobsTesterTest {

  static final JobType<String> TYPE = JobType.of("t", String.class);
  static final JobType<String> OTHER = JobType.of("other", String.class);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final HandlerOptions FOUR =
      HandlerOptions.defaults()
          .retry(RetryPolicy.of(4, Backoff.constant(Duration.ofSeconds(10))).withJitter(0));

  private final List<String> runs = new ArrayList<>();

  /** A handler that notes what it is given, and when. */
  private JobsTester tester() {
    JobsTester[] made = new JobsTester[1];
    made[0] = tester((payload, context) -> runs.add(payload + " " + since(made[0])));
    return made[0];
  }

  static Duration since(JobsTester tester) {
    return Duration.between(START, tester.clock().instant());
  }

  static JobsTester tester(JobExecutor<String> handler) {
    return JobsTester.with((builder, client) -> builder.handler(TYPE, handler, FOUR));
  }

  static void failed(Runnable assertion, String message) {
    assertThatThrownBy(assertion::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(message);
  }

  @Test
  void nothingRunsUnlessItIsTold() {
    JobsTester tester = tester();
    tester.client().enqueue(TYPE, "a");
    assertThat(runs).isEmpty();
    tester.assertPending(1).drain();
    assertThat(runs).containsExactly("a PT0S");
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("jobs-"));
  }

  @Test
  void eachJobRunsAtTheMomentItIsDue() {
    JobsTester tester = tester();
    tester.client().enqueue(TYPE.request("late").delay(Duration.ofMillis(61_234)));
    tester.client().enqueue(TYPE.request("soon").delay(Duration.ofNanos(1_000)));
    tester.client().enqueue(TYPE, "now");
    tester.client().enqueue(TYPE.request("later").at(START.plusSeconds(90)));
    tester.advance(Duration.ofSeconds(89));
    assertThat(runs).containsExactly("now PT0S", "soon PT0.000001S", "late PT1M1.234S");
    assertThat(since(tester)).isEqualTo(Duration.ofSeconds(89));
    tester.advance(Duration.ofSeconds(1));
    assertThat(runs).hasSize(4).last().isEqualTo("later PT1M30S");
  }

  @Test
  void retriesComeWhenTheirDelayIsOver() {
    JobsTester tester = tester();
    tester.client().enqueue(TYPE, "a");
    tester.failNext(TYPE, 3, new IOException("down")).drain().assertRetried(TYPE, 1);
    tester.advance(Duration.ofSeconds(29)).assertRetried(TYPE, 3).assertSucceeded(0);
    tester.advance(Duration.ofSeconds(1)).assertSucceeded(1);
    assertThat(runs).containsExactly("a PT30S");
  }

  @Test
  void whatAJobEnqueuesRunsInTheSameDrain() {
    JobsTester tester =
        JobsTester.with(
            (builder, client) ->
                builder
                    .handler(TYPE, (payload, context) -> client.enqueue(OTHER, payload + "!"))
                    .handler(OTHER, (payload, context) -> runs.add(payload)));
    tester.client().enqueue(TYPE, "a");
    tester.drain().assertEnqueued(OTHER, "a!"::equals).assertSucceeded(2);
    assertThat(runs).containsExactly("a!");
  }

  @Test
  void whatFollowsASuccessIsKnownByItsPayload() {
    JobsTester tester =
        JobsTester.with(
            (builder, client) ->
                builder
                    .handler(
                        TYPE,
                        (payload, context) ->
                            JobOutcome.done("result of " + payload)
                                .follow(OTHER.request(payload + "!").delay(Duration.ofDays(1))))
                    .handler(OTHER, (payload, context) -> runs.add(payload)));
    JobId id = tester.client().enqueue(TYPE, "a").id();
    tester.crashBeforeSettle(TYPE).drain().assertNotEnqueued(OTHER);
    tester.advance(Duration.ofMinutes(1)).assertEnqueued(OTHER, "a!"::equals).assertPending(1);
    assertThat(tester.client().result(id, String.class)).contains("result of a");
    tester.advance(Duration.ofDays(1)).assertSucceeded(2);
    assertThat(runs).containsExactly("a!");
  }

  @Test
  void aWorkflowRunsInItsOrder() {
    JobsTester tester = tester();
    tester.client().submit(Workflow.chain(TYPE.request("a"), TYPE.request("b")));
    tester.failNext(TYPE, 1, new IOException("down")).drain();
    assertThat(runs).isEmpty();
    assertThatThrownBy(() -> tester.assertPending(0)).hasMessageContaining("t b PENDING attempt=0");
    tester.advance(Duration.ofMinutes(1)).assertEnqueued(TYPE, "b"::equals).assertSucceeded(2);
    assertThat(runs).containsExactly("a PT10S", "b PT10S");
  }

  @Test
  void aJobThatEnqueuesItselfForEverIsNamed() {
    JobsTester tester =
        JobsTester.with(
            (builder, client) ->
                builder.handler(
                    TYPE,
                    (payload, context) -> {
                      runs.add(payload);
                      return client.enqueue(TYPE, "again");
                    }));
    tester.client().enqueue(TYPE, "first");
    failed(() -> tester.drain(20), "20 handlers ran and more are due at 2026-01-01T00:00:00Z");
    assertThat(runs).hasSize(20);
    JobsTester another =
        JobsTester.with(
            (builder, client) ->
                builder.handler(TYPE, (payload, context) -> client.enqueue(TYPE, "again")));
    another.client().enqueue(TYPE, "first");
    failed(() -> another.advance(Duration.ofSeconds(1)), "10000 handlers ran");
  }

  @Test
  void asManyAsAllowedMayRun() {
    JobsTester tester = tester();
    for (int i = 0; i < 30; i++) {
      tester.client().enqueue(TYPE, "a");
    }
    tester.drain(30).assertSucceeded(30);
  }

  @Test
  void anAssertionThatFailsInAHandlerFailsTheTest() {
    JobsTester tester =
        tester(
            (payload, context) -> {
              throw new AssertionError("in the handler: " + payload);
            });
    tester.client().enqueue(TYPE, "a");
    tester.client().enqueue(TYPE, "b");
    assertThatThrownBy(tester::drain)
        .isInstanceOf(AssertionError.class)
        .hasMessage("in the handler: a")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("in the handler: b"));
    tester.drain().assertRetried(TYPE, 2); // told once
    failed(() -> tester.advance(Duration.ofSeconds(10)), "in the handler: a");
  }

  @Test
  void anAssertionErrorThatTheTestAskedForIsAFailedAttempt() {
    JobsTester tester = tester();
    tester.client().enqueue(TYPE, "a");
    tester.failNext(TYPE, 1, new AssertionError("asked for")).drain().assertRetried(TYPE, 1);
  }

  @Test
  void aHandlerMustNotMoveTheTester() {
    JobsTester[] tester = new JobsTester[1];
    tester[0] =
        tester(
            (payload, context) -> {
              tester[0].advance(Duration.ofSeconds(1));
              return null;
            });
    tester[0].client().enqueue(TYPE, "a");
    failed(() -> tester[0].drain(), "drain() and advance() must not be called by a handler");
  }

  /** JSON cannot bring it back: it has a constructor that no field explains. */
  static final class Opaque {
    Opaque(int hidden) {}
  }

  @Test
  void aPayloadThatDoesNotSurviveTheCodecFailsHereToo() {
    JobType<Opaque> type = JobType.of("opaque", Opaque.class);
    JobsTester tester =
        JobsTester.with((builder, client) -> builder.handler(type, (payload, context) -> null));
    tester.client().enqueue(type, new Opaque(1));
    tester.drain().assertDead(type, DeadReason.DECODE);
  }

  @Test
  void aTransactionsJobsAreThereOnceItCommits() {
    JobsTester tester = tester();
    try (InMemoryJobStore.Transaction transaction = tester.begin()) {
      tester.client().in(transaction).enqueue(TYPE, "a");
      tester.assertNotEnqueued(TYPE).drain();
      transaction.commit();
    }
    try (InMemoryJobStore.Transaction transaction = tester.begin()) {
      tester.client().in(transaction).enqueue(TYPE, "rolled back");
    }
    tester.drain().assertEnqueued(TYPE, "a"::equals).assertSucceeded(1);
    assertThat(tester.enqueued(TYPE)).hasSize(1);
  }

  @Test
  void theClientDoesWhatAClientDoes() {
    JobsTester tester = tester();
    Enqueued first = tester.client().enqueue(TYPE.request("a").uniqueKey("k"));
    Enqueued second = tester.client().enqueue(TYPE.request("b").uniqueKey("k"));
    assertThat(second).isEqualTo(new Enqueued.Existing(first.id()));
    tester.assertNotEnqueued(TYPE, "b"::equals);
    tester.client().enqueue(TYPE.request("c").replace("k"));
    tester.assertEnqueued(TYPE, "c"::equals).assertNotEnqueued(TYPE, "a"::equals);
    assertThat(tester.client().cancel(first.id())).isEqualTo(Cancellation.CANCELLED);
    assertThat(tester.client().find(first.id()).orElseThrow().state())
        .isEqualTo(JobState.CANCELLED);
    tester.drain();
    assertThat(runs).isEmpty();
    assertThat(tester.client().requeue(first.id())).isTrue();
    tester.failNext(TYPE, 4, new IOException("down")).advance(Duration.ofMinutes(1));
    assertThat(tester.client().deadLetters().list(DeadLetterFilter.all(), null, 10)).hasSize(1);
  }

  @Test
  void whatTheStoreHasLongDeletedStillCounts() {
    JobsTester tester = tester();
    tester.client().enqueue(TYPE, "a");
    tester.client().cancel(tester.client().enqueue(TYPE, "b").id());
    tester.advance(Duration.ofDays(9)).assertSucceeded(1);
    assertThat(tester.client().find(tester.enqueued(TYPE).get(0).job().id())).isEmpty();
    assertThat(tester.enqueued(TYPE).get(1).job().state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void theSameSeedTakesTheSameCourse() {
    assertThat(course(1)).isEqualTo(course(1)).isNotEqualTo(course(2));
  }

  /** A run with everything random in it: ids, jitter, several queues. */
  private static List<JobEvent> course(long seed) {
    JobType<String> elsewhere = TYPE.onQueue("elsewhere");
    JobsTester tester =
        JobsTester.with(
            seed,
            (builder, client) ->
                builder
                    .handler(elsewhere, (payload, context) -> null)
                    .handler(OTHER, (payload, context) -> client.enqueue(elsewhere, payload)));
    for (int i = 0; i < 20; i++) {
      tester.client().enqueue(i % 2 == 0 ? elsewhere : OTHER, "job " + i);
    }
    tester.failNext(OTHER, 5, new IOException("down")).failNext(TYPE, 5, new IOException("down"));
    tester.crashBeforeSettle(TYPE).advance(Duration.ofHours(1));
    return tester.events();
  }

  @Test
  void withoutHandlersItOnlyEnqueues() {
    JobsTester tester = JobsTester.of();
    tester.client().enqueue(TYPE, "a");
    tester.drain().advance(Duration.ofDays(1)).assertEnqueued(TYPE).assertPending(1);
  }

  @Test
  void aJobThatNoHandlerTakesWaits() {
    JobsTester tester = tester();
    tester.client().enqueue(OTHER, "a");
    tester.drain().assertPending(1);
  }

  @Test
  void aMonthMayPass() {
    JobsTester tester = tester();
    tester.client().enqueue(TYPE.request("a").delay(Duration.ofDays(30)));
    tester.advance(Duration.ofDays(30)).assertSucceeded(1);
    assertThat(runs).containsExactly("a PT720H");
  }

  @Test
  void wrongArgumentsAreRefusedByName() {
    JobsTester tester = tester();
    refused(() -> tester.drain(0), "most must be >= 1, was 0");
    refused(() -> tester.advance(Duration.ZERO), "time must pass by more than 0, was PT0S");
    refused(() -> tester.advance(Duration.ofSeconds(-1)), "more than 0, was PT-1S");
    refused(() -> tester.slowNext(TYPE, Duration.ZERO), "time must pass by more than 0");
    refused(() -> tester.failNext(TYPE, 0, new IOException()), "times must be >= 1, was 0");
    refused(
        () -> tester.failNext(TYPE, 1, new Throwable("bare")),
        "error must be an exception or an error");
    refused(
        () -> JobsTester.with((builder, client) -> builder.store(InMemoryJobStore.create())),
        "JobsTester keeps all jobs in a store of its own");
    assertThatThrownBy(
            () -> JobsTester.with((builder, client) -> client.enqueue(TYPE, "too early")))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("once JobsTester.with(..) has returned");
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }
}
