package dev.jobs4j.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobType;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** That each assertion passes, fails, and says what there was. */
class JobsTesterAssertionsTest {

  record Mail(String to) {}

  private static final JobType<Mail> MAIL = JobType.of("mail", Mail.class);
  private static final JobType<Mail> REJECTED = JobType.of("rejected", Mail.class);
  private static final JobType<Mail> ABSENT = JobType.of("absent", Mail.class);

  /** One mail sent after a retry, one that waits, one rejected. */
  private final JobsTester tester =
      JobsTester.with(
              (builder, client) ->
                  builder
                      .handler(MAIL, (mail, context) -> null)
                      .handler(REJECTED, (mail, context) -> JobOutcome.reject("unwanted")))
          .failNext(MAIL, 1, new IOException("down"));

  JobsTesterAssertionsTest() {
    tester.client().enqueue(MAIL, new Mail("a"));
    tester.client().enqueue(REJECTED, new Mail("b"));
    tester.advance(Duration.ofMinutes(1));
    tester.client().enqueue(MAIL.request(new Mail("c")).delay(Duration.ofHours(1)));
  }

  private static void failed(Runnable assertion, String message) {
    assertThatThrownBy(assertion::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith(message + "\nJobs at 2026-01-01T00:01:00Z:\n");
  }

  @Test
  void whatHoldsPasses() {
    tester
        .assertEnqueued(MAIL)
        .assertEnqueued(MAIL, mail -> mail.to().equals("c"))
        .assertNotEnqueued(ABSENT)
        .assertNotEnqueued(MAIL, mail -> mail.to().equals("b"))
        .assertSucceeded(1)
        .assertSucceeded(MAIL, 1)
        .assertSucceeded(REJECTED, 0)
        .assertPending(1)
        .assertDead(1)
        .assertDead(REJECTED, DeadReason.REJECTED)
        .assertRetried(MAIL, 1)
        .assertRetried(REJECTED, 0);
  }

  @Test
  void whatDoesNotHoldFails() {
    failed(() -> tester.assertEnqueued(ABSENT), "expected a job absent, none was enqueued");
    failed(
        () -> tester.assertEnqueued(MAIL, mail -> mail.to().equals("b")),
        "expected a job mail with such a payload, there is none");
    failed(() -> tester.assertNotEnqueued(MAIL), "expected no job mail, there are 2");
    failed(
        () -> tester.assertNotEnqueued(MAIL, mail -> mail.to().equals("a")),
        "expected no job mail with such a payload, there are 1");
    failed(() -> tester.assertSucceeded(2), "expected 2 jobs to be SUCCEEDED, there are 1");
    failed(
        () -> tester.assertSucceeded(MAIL, 0), "expected 0 jobs mail to be SUCCEEDED, there are 1");
    failed(() -> tester.assertPending(0), "expected 0 jobs to be PENDING, there are 1");
    failed(() -> tester.assertDead(0), "expected 0 jobs to be DEAD, there are 1");
    failed(
        () -> tester.assertDead(MAIL, DeadReason.REJECTED),
        "expected a dead job mail with reason REJECTED, there is none");
    failed(
        () -> tester.assertDead(REJECTED, DeadReason.EXHAUSTED),
        "expected a dead job rejected with reason EXHAUSTED, there is none");
    failed(() -> tester.assertRetried(MAIL, 2), "expected 2 retries of mail, there were 1");
  }

  @Test
  void theMessageListsTheJobs() {
    assertThatThrownBy(() -> tester.assertSucceeded(9))
        .hasMessage(
            """
            expected 9 jobs to be SUCCEEDED, there are 1
            Jobs at 2026-01-01T00:01:00Z:
              mail Mail[to=a] SUCCEEDED attempt=2 error=java.io.IOException: down
              rejected Mail[to=b] DEAD REJECTED attempt=1 error=dev.jobs4j.api.JobOutcome$Reject: unwanted
              mail Mail[to=c] PENDING attempt=0 due in PT1H""");
    assertThatThrownBy(() -> JobsTester.of().assertSucceeded(1))
        .hasMessage(
            "expected 1 jobs to be SUCCEEDED, there are 0\nJobs at 2026-01-01T00:00:00Z: none");
  }

  @Test
  void aLongListIsCut() {
    for (int i = 0; i < 60; i++) {
      tester.client().enqueue(MAIL, new Mail("x".repeat(1_000)));
    }
    assertThatThrownBy(() -> tester.assertSucceeded(9))
        .hasMessageEndingWith("\n  and 13 more")
        .satisfies(
            e ->
                assertThat(e.getMessage().lines())
                    .hasSize(53)
                    .allMatch(line -> line.length() < 300));
  }

  @Test
  void theJobsOfATypeCanBeLookedAt() {
    assertThat(tester.enqueued(MAIL).get(1).payload()).isEqualTo(new Mail("c"));
    assertThat(tester.enqueued(MAIL).get(1).job().attempt()).isZero();
  }
}
