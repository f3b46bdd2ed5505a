package dev.jobs4j.core.testing;

import static dev.jobs4j.core.testing.JobsTesterTest.FOUR;
import static dev.jobs4j.core.testing.JobsTesterTest.OTHER;
import static dev.jobs4j.core.testing.JobsTesterTest.TYPE;
import static dev.jobs4j.core.testing.JobsTesterTest.failed;
import static dev.jobs4j.core.testing.JobsTesterTest.since;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.config.HandlerOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Faults come when they are ordered: failures, slowness, crashes, lost leases, duplicates. */
class JobsTesterFaultsTest {

  private final List<String> runs = new ArrayList<>();

  /** A handler that notes what it is given, and when. */
  private JobsTester tester() {
    JobsTester[] made = new JobsTester[1];
    made[0] = JobsTesterTest.tester((payload, context) -> runs.add(payload + " " + since(made[0])));
    return made[0];
  }

  @Test
  void faultsOfATypeHappenInTheOrderTheyWereAskedFor() {
    JobsTester tester = tester();
    tester.client().enqueue(TYPE, "a");
    tester
        .failNext(TYPE, 1, new IOException("first"))
        .failNext(TYPE, 1, new IllegalStateException("second"))
        .failNext(OTHER, 1, new IOException("another type"))
        .advance(Duration.ofSeconds(20));
    assertThat(tester.events())
        .filteredOn(JobEvent.Retried.class::isInstance)
        .extracting(event -> ((JobEvent.Retried) event).failure().message())
        .containsExactly("first", "second");
    assertThat(runs).containsExactly("a PT20S");
    failed(() -> tester.assertPending(1), "Faults that no attempt has met: {other=1}");
  }

  @Test
  void aSlowHandlerIsCalledAfterItsWait() {
    JobsTester tester = tester();
    tester.client().enqueue(TYPE, "a");
    tester.slowNext(TYPE, Duration.ofHours(3)).drain().assertSucceeded(1);
    assertThat(runs).containsExactly("a PT3H");
    assertThat(((JobEvent.Succeeded) tester.events().get(2)).took()).isEqualTo(Duration.ofHours(3));
  }

  @Test
  void aTimeoutInterruptsTheWaitToTheMillisecond() {
    JobsTester tester =
        JobsTester.with(
            (builder, client) ->
                builder.handler(
                    TYPE,
                    (payload, context) -> runs.add(payload),
                    FOUR.timeout(Duration.ofMillis(345))));
    for (int i = 0; i < 2; i++) { // the second one meets a watchdog that runs already
      tester.client().enqueue(TYPE, "a");
      Instant began = tester.clock().instant();
      tester.slowNext(TYPE, Duration.ofHours(1)).drain().assertRetried(TYPE, i + 1);
      assertThat(Duration.between(began, tester.clock().instant()))
          .isEqualTo(Duration.ofMillis(345));
    }
    assertThat(runs).isEmpty();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    JobEvent.Retried last = (JobEvent.Retried) tester.events().get(tester.events().size() - 1);
    assertThat(last.failure().errorClass()).isEqualTo("dev.jobs4j.api.JobTimeoutException");
  }

  @Test
  void aCrashLosesTheEndingAndNothingElse() {
    JobsTester tester = tester();
    tester.client().enqueue(TYPE, "a");
    tester.client().enqueue(TYPE.request("b").delay(Duration.ofSeconds(1)));
    tester.crashBeforeSettle(TYPE).drain();
    assertThat(runs).containsExactly("a PT0S");
    assertThat(tester.enqueued(TYPE).get(0).job().state()).isEqualTo(JobState.RUNNING);
    tester.advance(Duration.ofSeconds(31)).assertSucceeded(1).assertPending(0);
    assertThat(runs).containsExactly("a PT0S", "b PT1S");
    tester.advance(Duration.ofSeconds(10)).assertSucceeded(2);
    assertThat(runs).hasSize(3);
    assertThat(tester.enqueued(TYPE).get(0).job().attempt()).isEqualTo(1);
    assertThat(tester.events()).noneMatch(JobEvent.Retried.class::isInstance);
  }

  @Test
  void whatTheDeadProcessHadClaimedComesBackWithIt() {
    JobsTester tester = tester();
    tester.client().enqueue(TYPE, "a");
    tester.client().enqueue(TYPE, "b");
    tester.crashBeforeSettle(TYPE).drain().assertSucceeded(0);
    assertThat(runs).containsExactly("a PT0S");
    tester.advance(Duration.ofMinutes(1)).assertSucceeded(2);
    assertThat(runs).hasSize(3);
  }

  @Test
  void whatAJobEnqueuesAfterACrashIsDueToTheMillisecond() {
    JobsTester[] tester = new JobsTester[1];
    tester[0] =
        JobsTester.with(
            (builder, client) ->
                builder
                    .handler(
                        TYPE,
                        (payload, context) -> {
                          runs.add(payload + " " + since(tester[0]));
                          return client.enqueue(
                              OTHER.request(payload).delay(Duration.ofMillis(1_234)));
                        })
                    .handler(
                        OTHER, (payload, context) -> runs.add(payload + " " + since(tester[0]))));
    tester[0].client().enqueue(TYPE, "a");
    tester[0].crashBeforeSettle(TYPE).advance(Duration.ofMinutes(1));
    assertThat(runs).hasSize(4).startsWith("a PT0S", "a PT1.234S");
    Duration again = Duration.parse(runs.get(2).substring(2));
    assertThat(again).isBetween(Duration.ofSeconds(32), Duration.ofMillis(32_500));
    assertThat(runs.get(3)).isEqualTo("a " + again.plusMillis(1_234));
  }

  @Test
  void aJobThatKillsItsProcessEachTimeEndsAsACrashLoop() {
    JobsTester tester = tester();
    tester.client().enqueue(TYPE, "a");
    for (int i = 0; i < 9; i++) {
      tester.crashBeforeSettle(TYPE);
    }
    tester.advance(Duration.ofMinutes(10)).assertDead(TYPE, DeadReason.CRASH_LOOP);
    assertThat(runs).hasSize(5); // the first crash makes it a suspect, then three are allowed
  }

  @Test
  void aHandlerThatLosesItsLeaseIsToldAndItsEndingChangesNothing() {
    List<String> seen = new ArrayList<>();
    JobsTester tester =
        JobsTesterTest.tester(
            (payload, context) -> {
              seen.add(context.isLeaseLost() + " " + Thread.currentThread().isInterrupted());
              return null;
            });
    tester.client().enqueue(TYPE, "a");
    tester.loseLease(TYPE).drain().assertSucceeded(1);
    assertThat(seen).containsExactly("true true", "false false");
    assertThat(tester.events()).hasAtLeastOneElementOfType(JobEvent.LeaseLost.class);
    assertThat(tester.enqueued(TYPE).get(0).job().attempt()).isEqualTo(1);
    assertThat(since(tester)).isBetween(Duration.ofSeconds(32), Duration.ofSeconds(40));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aDuplicateRunsAtOnceUnderTheSameAttempt() {
    List<Object> seen = new ArrayList<>();
    JobsTester tester =
        JobsTesterTest.tester(
            (payload, context) -> {
              seen.add(context.attempt() + " " + context.fencingToken().getAsLong());
              return null;
            });
    tester.client().enqueue(TYPE, "a");
    tester.duplicateNext(TYPE).drain().assertSucceeded(1);
    assertThat(seen).containsExactly("1 1", "1 2");
    assertThat(since(tester)).isZero();
  }

  @Test
  void interceptorsSeeAFaultAsTheHandlersDoing() {
    List<String> seen = new ArrayList<>();
    JobsTester tester =
        JobsTester.with(
            (builder, client) ->
                builder
                    .handler(
                        TYPE,
                        (payload, context) -> null,
                        HandlerOptions.defaults().timeout(Duration.ofMinutes(1)))
                    .interceptor(
                        (context, next) -> {
                          try {
                            return next.proceed();
                          } catch (IOException | InterruptedException e) {
                            seen.add(e.getMessage() + Thread.currentThread().isInterrupted());
                            throw e;
                          }
                        }));
    tester.client().enqueue(TYPE, "a");
    tester.failNext(TYPE, 1, new IOException("down")).slowNext(TYPE, Duration.ofHours(1));
    tester.drain().advance(Duration.ofHours(1));
    assertThat(seen).hasSize(2).first().isEqualTo("downfalse");
    assertThat(seen.get(1)).startsWith("The attempt was asked to end").endsWith("false");
  }
}
