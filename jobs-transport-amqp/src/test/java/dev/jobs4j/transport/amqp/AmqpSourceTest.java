package dev.jobs4j.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.QueueKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The way of a delivery, with a broker that does what it should. */
class AmqpSourceTest {

  private static final Outcome SUCCEEDED = new Outcome.Succeeded(null);
  private static final Failure FAILURE =
      new Failure("java.io.IOException", "mail server says no", "");

  private Site site;
  private AmqpJobTransport transport;
  private JobSource source;

  @BeforeAll
  static void report() {
    AmqpBroker.get().report(AmqpSourceTest.class);
  }

  @BeforeEach
  void open() throws Exception {
    site = new Site();
    transport = site.transport();
    source = site.source(transport);
  }

  @AfterEach
  void close() throws Exception {
    site.close();
  }

  private static NewJob with(NewJob job, Due due, Integer maxAttempts) {
    return new NewJob(
        job.id(),
        false,
        job.type(),
        job.typeVersion(),
        job.queue(),
        job.payload(),
        Priority.NORMAL,
        due,
        maxAttempts,
        null,
        "acme",
        List.of(),
        Map.of("trace", "t-1"));
  }

  @Test
  void aJobComesOutAsItWentIn() throws Exception {
    NewJob job = with(Site.job(site.mails), Due.now(), 4);
    transport.publish(List.of(job));

    LeasedJob taken = site.take(source, 1).get(0);

    assertThat(taken.id()).isEqualTo(job.id());
    assertThat(taken.type()).isEqualTo("test.job");
    assertThat(taken.typeVersion()).isEqualTo(1);
    assertThat(taken.queue()).isEqualTo(site.mails);
    assertThat(taken.payload().codec()).isEqualTo("json");
    assertThat(taken.payload().bytes()).isEqualTo(job.payload().bytes());
    assertThat(taken.attempt()).isEqualTo(1);
    assertThat(taken.maxAttempts()).isEqualTo(4);
    assertThat(taken.fencingToken()).isEmpty();
    assertThat(taken.suspect()).isFalse();
    assertThat(taken.tenant()).isEqualTo("acme");
    assertThat(taken.headers()).isEqualTo(Map.of("trace", "t-1"));
    assertThat(taken.lease()).asString().matches("amqp:" + site.mails + "#1@g\\d");
    assertThat(taken.origin()).isEqualTo(taken.lease().toString());
  }

  @Test
  void aSucceededJobIsAcknowledged() throws Exception {
    transport.publish(Site.jobs(site.mails, 20));
    List<LeasedJob> jobs = site.take(source, 20);

    assertThat(Site.settle(source, SUCCEEDED, jobs)).isEmpty();

    source.close();
    assertThat(site.ready(site.mails)).isZero();
  }

  @Test
  void aCancelledJobIsAcknowledged() throws Exception {
    transport.publish(Site.jobs(site.mails, 1));

    assertThat(Site.settle(source, new Outcome.Cancelled(), site.take(source, 1))).isEmpty();

    source.close();
    assertThat(site.ready(site.mails)).isZero();
  }

  @Test
  void noMoreIsTakenFromTheBrokerThanIsWanted() throws Exception {
    transport.publish(Site.jobs(site.mails, 10));

    assertThat(site.take(source, 3)).hasSize(3);
    assertThat(site.ready(site.mails)).isEqualTo(7);

    assertThat(site.take(source, 2)).hasSize(2);
    assertThat(site.ready(site.mails)).isEqualTo(5);
    assertThat(source.turn(Demand.NONE, Duration.ofMillis(300))).isEmpty();
    assertThat(site.ready(site.mails)).isEqualTo(5);
  }

  @Test
  void aQueueThatIsWorkedNoMoreHereLeavesItsJobsToOthers() throws Exception {
    transport.publish(Site.jobs(site.mails, 6));
    Site.settle(source, SUCCEEDED, site.take(source, 3));
    site.awaitReady(site.mails, 0); // the other three are here, and nobody wants them

    site.turnUntil(source, 0, () -> true);
    site.advance(QueueConsumer.SHRINK_AFTER);
    source.turn(Demand.NONE, Duration.ZERO);
    site.advance(QueueConsumer.SHRINK_AFTER);
    source.turn(Demand.NONE, Duration.ZERO);

    site.awaitReady(site.mails, 3);
    assertThat(site.take(source, 3)).hasSize(3);
  }

  @Test
  void twoQueuesOfOneSourceAreWorkedApart() throws Exception {
    transport.publish(Site.jobs(site.mails, 3));
    transport.publish(Site.jobs(site.bills, 3));

    assertThat(site.take(source, site.bills, 2))
        .allSatisfy(job -> assertThat(job.queue()).isEqualTo(site.bills));

    assertThat(site.ready(site.mails)).isEqualTo(3);
    assertThat(site.ready(site.bills)).isEqualTo(1);
  }

  @Test
  void wakeEndsAWaitingTurn() throws Exception {
    source.turn(Demand.NONE, Duration.ZERO);
    CompletableFuture<List<LeasedJob>> turn =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return source.turn(Demand.NONE, Duration.ofSeconds(60));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    source.wake();

    assertThat(turn.get(5, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void aRetryComesBackAsTheNextAttemptAndNotBeforeItsTime() throws Exception {
    NewJob job = with(Site.job(site.mails), Due.now(), 3);
    transport.publish(List.of(job));
    List<LeasedJob> first = site.take(source, 1);
    Instant settled = Instant.now();

    assertThat(Site.settle(source, new Outcome.Retry(Duration.ofMillis(450), FAILURE), first))
        .isEmpty();
    LeasedJob second = site.take(source, 1).get(0);

    assertThat(Duration.between(settled, Instant.now())).isGreaterThan(Duration.ofMillis(440));
    assertThat(second.id()).isEqualTo(job.id());
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.maxAttempts()).isEqualTo(3);
    assertThat(second.tenant()).isEqualTo("acme");
    assertThat(second.headers()).isEqualTo(Map.of("trace", "t-1"));
    assertThat(second.payload().bytes()).isEqualTo(job.payload().bytes());
    Site.settle(source, SUCCEEDED, second);
    source.close();
    assertThat(site.ready(site.mails)).isZero();
    assertThat(site.ready(site.mails + ".retry.600ms")).isZero();
  }

  @Test
  void aRetryAtOnceNeedsNoWaiting() throws Exception {
    transport.publish(Site.jobs(site.mails, 1));

    Site.settle(source, new Outcome.Retry(Duration.ZERO, FAILURE), site.take(source, 1));

    assertThat(site.take(source, 1).get(0).attempt()).isEqualTo(2);
  }

  @Test
  void aDelayBeyondTheLastStepGoesThroughItAgain() throws Exception {
    transport.publish(Site.jobs(site.mails, 1));
    Instant settled = Instant.now();

    Site.settle(source, new Outcome.Retry(Duration.ofMillis(1_500), FAILURE), site.take(source, 1));
    LeasedJob second = site.take(source, 1).get(0);

    assertThat(Duration.between(settled, Instant.now()))
        .isBetween(Duration.ofMillis(1_490), Duration.ofMillis(4_000));
    assertThat(second.attempt()).isEqualTo(2);
  }

  @Test
  void ofManyInOneStepTheEarlierDueComesFirst() throws Exception {
    NewJob later = with(Site.job(site.mails), new Due.In(Duration.ofMillis(590)), null);
    NewJob sooner = with(Site.job(site.mails), new Due.In(Duration.ofMillis(300)), null);

    transport.publish(List.of(later, sooner));

    assertThat(Site.ids(site.take(source, 2))).containsExactly(sooner.id(), later.id());
  }

  @Test
  void aDelayedJobIsNotGivenOutBeforeItIsDue() throws Exception {
    Instant due = Instant.now().plusMillis(500);
    transport.publish(
        List.of(
            with(Site.job(site.mails), new Due.At(due), null),
            with(Site.job(site.mails), new Due.In(Duration.ofMillis(500)), null)));

    List<LeasedJob> jobs = site.take(source, 2);

    assertThat(Instant.now()).isAfter(due.minusMillis(1));
    assertThat(jobs).allSatisfy(job -> assertThat(job.attempt()).isEqualTo(1));
  }

  @Test
  void aJobDueInThePastIsDueAtOnce() throws Exception {
    transport.publish(
        List.of(with(Site.job(site.mails), new Due.At(Instant.now().minusSeconds(5)), null)));

    assertThat(site.ready(site.mails)).isEqualTo(1);
  }

  @Test
  void aSnoozeGivesTheAttemptBack() throws Exception {
    transport.publish(List.of(with(Site.job(site.mails), Due.now(), 1)));

    Site.settle(source, new Outcome.Snoozed(Duration.ofMillis(100)), site.take(source, 1));

    assertThat(site.take(source, 1).get(0).attempt()).isEqualTo(1);
  }

  @Test
  void aReleasedJobIsGivenOutAgainUnderAnotherLease() throws Exception {
    transport.publish(Site.jobs(site.mails, 1));
    LeasedJob first = site.take(source, 1).get(0);

    assertThat(Site.settle(source, new Outcome.Released(), first)).isEmpty();
    LeasedJob second = site.take(source, 1).get(0);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(second.lease()).isNotEqualTo(first.lease());
    assertThat(Site.settle(source, SUCCEEDED, first)).containsExactly(first.lease());
    assertThat(Site.settle(source, SUCCEEDED, second)).isEmpty();
  }

  @Test
  void whatIsSettledIsSettledOnce() throws Exception {
    transport.publish(Site.jobs(site.mails, 1));
    LeasedJob job = site.take(source, 1).get(0);
    Site.settle(source, SUCCEEDED, job);

    assertThat(Site.settle(source, new Outcome.Dead(DeadReason.REJECTED, FAILURE), job))
        .containsExactly(job.lease());

    assertThat(site.ready(site.dlq(site.mails))).isZero();
  }

  @Test
  void aLeaseOfAnotherSourceIsLost() {
    Lease strange = new Lease() {};

    assertThat(source.settle(List.of(new Settlement(strange, SUCCEEDED)))).containsExactly(strange);
  }

  @Test
  void aDeadLetterKeepsTheBodyAndTellsItsStory() throws Exception {
    NewJob job = with(Site.job(site.mails), Due.now(), null);
    transport.publish(List.of(job));
    LeasedJob taken = site.take(source, 1).get(0);

    Site.settle(source, new Outcome.Dead(DeadReason.NON_RETRYABLE, FAILURE), taken);

    GetResponse letter = site.get(site.dlq(site.mails));
    assertThat(letter.getBody()).isEqualTo(job.payload().bytes());
    assertThat(letter.getProps().getDeliveryMode()).isEqualTo(2);
    assertThat(letter.getProps().getMessageId()).isEqualTo(job.id().toString());
    assertThat(Site.headers(letter))
        .containsEntry("jobs4j-id", job.id().toString())
        .containsEntry("jobs4j-type", "test.job")
        .containsEntry("jobs4j-attempt", "1")
        .containsEntry("jobs4j-tenant", "acme")
        .containsEntry("jobs4j-reason", "NON_RETRYABLE")
        .containsEntry("jobs4j-error-class", "java.io.IOException")
        .containsEntry("jobs4j-error-message", "mail server says no")
        .containsEntry("jobs4j-original-queue", site.mails.name())
        .containsEntry("jobs4j-original-delivery", taken.lease().toString())
        .containsEntry("trace", "t-1")
        .containsKey("jobs4j-last-failure-at");
    source.close();
    assertThat(site.ready(site.mails)).isZero();
  }

  @Test
  void aVeryLongErrorIsCutAndTheDeadLetterKept() throws Exception {
    transport.publish(Site.jobs(site.mails, 1));
    Failure long2 = new Failure("X", "\uD83D\uDE00".repeat(2_000), "s".repeat(6_000));

    Site.settle(source, new Outcome.Dead(DeadReason.REJECTED, long2), site.take(source, 1));

    assertThat(Site.headers(site.get(site.dlq(site.mails))).get("jobs4j-error-message"))
        .isEqualTo("\uD83D\uDE00".repeat(512));
  }

  @Test
  void theLastAllowedAttemptEndsAsADeadLetter() throws Exception {
    transport.publish(List.of(with(Site.job(site.mails), Due.now(), 2)));
    Outcome retry = new Outcome.Retry(Duration.ZERO, FAILURE);
    Site.settle(source, retry, site.take(source, 1));

    Site.settle(source, retry, site.take(source, 1));

    assertThat(Site.headers(site.get(site.dlq(site.mails))))
        .containsEntry("jobs4j-reason", "EXHAUSTED")
        .containsEntry("jobs4j-attempt", "2");
    assertThat(source.turn(site.demand(1), Duration.ofMillis(300))).isEmpty();
  }

  @Test
  void aMessageOfOthersIsAJobIfItNamesAType() throws Exception {
    source.turn(Demand.NONE, Duration.ZERO);
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder()
            .type("partner.order")
            .messageId("order-7")
            .headers(Map.of("region", "EU", "weight", 12))
            .build();
    site.publishForeign(site.mails, properties, "{\"order\":7}");

    LeasedJob job = site.take(source, 1).get(0);

    assertThat(job.type()).isEqualTo("partner.order");
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.payload().codec()).isEqualTo("json");
    assertThat(job.payload().bytes()).asString().isEqualTo("{\"order\":7}");
    assertThat(job.headers()).isEqualTo(Map.of("region", "EU", "weight", "12"));
    source.close();
    LeasedJob again = site.take(site.source(transport), 1).get(0);
    assertThat(again.id()).isEqualTo(job.id());
  }

  @Test
  void aMessageOfOthersKeepsItsNameThroughARetry() throws Exception {
    source.turn(Demand.NONE, Duration.ZERO);
    AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().type("order").build();
    site.publishForeign(site.mails, properties, "{}");
    LeasedJob job = site.take(source, 1).get(0);

    Site.settle(source, new Outcome.Retry(Duration.ZERO, FAILURE), job);

    LeasedJob again = site.take(source, 1).get(0);
    assertThat(again.id()).isEqualTo(job.id());
    assertThat(again.attempt()).isEqualTo(2);
  }

  @Test
  void aMessageThatIsNoJobBecomesADeadLetter() throws Exception {
    source.turn(Demand.NONE, Duration.ZERO);
    site.publishForeign(site.mails, new AMQP.BasicProperties(), "what is this?");
    transport.publish(Site.jobs(site.mails, 1));

    assertThat(site.take(source, 1)).hasSize(1);
    site.turnUntil(source, 0, () -> site.ready(site.dlq(site.mails)) == 1);

    GetResponse letter = site.get(site.dlq(site.mails));
    assertThat(letter.getBody()).isEqualTo("what is this?".getBytes(StandardCharsets.UTF_8));
    assertThat(Site.headers(letter))
        .containsEntry("jobs4j-reason", "DECODE")
        .containsEntry("jobs4j-original-queue", site.mails.name())
        .hasEntrySatisfying("jobs4j-error-message", m -> assertThat(m).contains("jobs4j-type"));
  }

  @Test
  void brokenHeadersMakeADeadLetterToo() throws Exception {
    source.turn(Demand.NONE, Duration.ZERO);
    for (Map<String, Object> headers :
        List.<Map<String, Object>>of(
            Map.of("jobs4j-id", "seven"),
            Map.of("jobs4j-attempt", "many"),
            Map.of("jobs4j-attempt", 0))) {
      site.publishForeign(
          site.mails, new AMQP.BasicProperties.Builder().type("t").headers(headers).build(), "{}");
    }

    site.turnUntil(source, 3, () -> site.ready(site.dlq(site.mails)) == 3);
  }

  @Test
  void closeGivesBackWhatIsUnfinished() throws Exception {
    transport.publish(Site.jobs(site.mails, 5));
    List<LeasedJob> jobs = site.take(source, 3);
    Site.settle(source, SUCCEEDED, jobs.get(0));

    source.close();

    site.awaitReady(site.mails, 4);
    assertThat(site.revoked).containsExactlyInAnyOrder(jobs.get(1).lease(), jobs.get(2).lease());
    assertThat(Site.settle(source, SUCCEEDED, jobs.get(1))).containsExactly(jobs.get(1).lease());
    source.close(); // again, to no effect
    assertThat(site.ready(site.mails)).isEqualTo(4);
  }

  @Test
  void theQueueOfOthersIsLeftAsItIs() throws Exception {
    site.raw(channel -> channel.queueDeclare(site.mails.name(), true, false, false, null));
    site.raw(channel -> channel.queueDeclare(site.bills.name(), true, false, false, null));
    AmqpJobTransport guest = site.transport(site.options().queueKind(QueueKind.EXISTING));
    guest.publish(Site.jobs(site.mails, 1));

    JobSource own = site.source(guest);
    Site.settle(own, new Outcome.Retry(Duration.ofMillis(50), FAILURE), site.take(own, 1));

    assertThat(site.take(own, 1).get(0).attempt()).isEqualTo(2);
  }
}
