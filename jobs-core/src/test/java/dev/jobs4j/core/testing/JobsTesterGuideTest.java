package dev.jobs4j.core.testing;

import static dev.jobs4j.api.retry.Backoff.Kind.EXPONENTIAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.retry.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How a host tests its jobs. Read it from top to bottom. */
class JobsTesterGuideTest {

  // What is tested: a shop that enqueues, and the handlers of what it enqueues.

  record SendInvoice(String order, String email) {}

  record Remind(String order) {}

  static final JobType<SendInvoice> SEND = JobType.of("invoice.send", SendInvoice.class);
  static final JobType<Remind> REMIND = JobType.of("invoice.remind", Remind.class);

  /** Rings up orders. */
  record Shop(JobClient jobs) {
    void order(String order, String email) {
      jobs.enqueue(SEND, new SendInvoice(order, email));
      jobs.enqueue(REMIND.request(new Remind(order)).delay(Duration.ofDays(14)));
    }
  }

  /** Sends mail; {@code paid} are the invoices that were sent, each once. */
  static class Billing {
    final List<String> mails = new ArrayList<>();
    final Set<JobId> done = new HashSet<>();

    @JobHandler(
        type = "invoice.send",
        timeout = "30s",
        retry =
            @Retry(
                attempts = 4,
                backoff = EXPONENTIAL,
                initial = "1m",
                max = "1h",
                abortOn = IllegalArgumentException.class))
    void send(SendInvoice invoice, JobId id) {
      if (!invoice.email().contains("@")) {
        throw new IllegalArgumentException("no address: " + invoice.email());
      }
      if (done.add(id)) { // at least once, so guard the effect by the job's id
        mails.add("invoice " + invoice.order());
      }
    }

    @JobHandler(type = "invoice.remind")
    void remind(Remind reminder) {
      mails.add("reminder " + reminder.order());
    }
  }

  private final Billing billing = new Billing();
  private final JobsTester tester = JobsTester.of(billing);
  private final Shop shop = new Shop(tester.client());

  @Test
  void codeThatEnqueuesIsTestedWithoutRunningAnything() {
    shop.order("o-1", "a@b.c");

    tester
        .assertEnqueued(SEND, invoice -> invoice.email().equals("a@b.c"))
        .assertNotEnqueued(SEND, invoice -> invoice.order().equals("o-2"));
    assertThat(tester.enqueued(REMIND).get(0).job().runAt())
        .isEqualTo(tester.clock().instant().plus(Duration.ofDays(14)));
    assertThat(billing.mails).isEmpty();
  }

  @Test
  void drainRunsWhatIsDueAndAdvanceLetsTheRestBecomeDue() {
    shop.order("o-1", "a@b.c");

    tester.drain().assertSucceeded(SEND, 1).assertPending(1);
    assertThat(billing.mails).containsExactly("invoice o-1");

    tester.advance(Duration.ofDays(14)).assertSucceeded(2);
    assertThat(billing.mails).containsExactly("invoice o-1", "reminder o-1");
  }

  @Test
  void anHourOfRetriesTakesNoTime() {
    shop.order("o-1", "a@b.c");

    tester
        .failNext(SEND, 2, new IOException("mail server down"))
        .drain()
        .assertRetried(SEND, 1)
        .advance(Duration.ofHours(1))
        .assertRetried(SEND, 2)
        .assertSucceeded(SEND, 1);
  }

  @Test
  void whatCannotSucceedBecomesADeadLetter() {
    shop.order("o-1", "nobody");

    tester.drain().assertDead(SEND, DeadReason.NON_RETRYABLE).assertRetried(SEND, 0);
  }

  @Test
  void aHandlerThatHangsIsMetByItsTimeout() {
    shop.order("o-1", "a@b.c");

    tester.slowNext(SEND, Duration.ofMinutes(5)).drain().assertRetried(SEND, 1);
    assertThat(billing.mails).isEmpty();
  }

  /** The crash that tests seldom see: the mail is out, and nobody has noted it. */
  @Test
  void aProcessThatDiesAfterTheEffectRunsTheJobAgain() {
    shop.order("o-1", "a@b.c");

    tester.crashBeforeSettle(SEND).drain().assertSucceeded(SEND, 0);
    tester.advance(Duration.ofMinutes(1)).assertSucceeded(SEND, 1);
    assertThat(billing.mails).containsExactly("invoice o-1");
  }

  @Test
  void aJobThatIsDeliveredTwiceHasOneEffect() {
    shop.order("o-1", "a@b.c");

    tester.duplicateNext(SEND).drain().assertSucceeded(SEND, 1);
    assertThat(billing.mails).containsExactly("invoice o-1");
  }
}
