package dev.jobs4j.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Failure;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.QueueKind;
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
    NewJob job = Site.with(Site.job(site.mails), Due.now(), 3);
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
    NewJob later = Site.with(Site.job(site.mails), new Due.In(Duration.ofMillis(590)), null);
    NewJob sooner = Site.with(Site.job(site.mails), new Due.In(Duration.ofMillis(300)), null);

    transport.publish(List.of(later, sooner));

    assertThat(Site.ids(site.take(source, 2))).containsExactly(sooner.id(), later.id());
  }

  @Test
  void aDelayedJobIsNotGivenOutBeforeItIsDue() throws Exception {
    Instant due = Instant.now().plusMillis(500);
    transport.publish(
        List.of(
            Site.with(Site.job(site.mails), new Due.At(due), null),
            Site.with(Site.job(site.mails), new Due.In(Duration.ofMillis(500)), null)));

    List<LeasedJob> jobs = site.take(source, 2);

    assertThat(Instant.now()).isAfter(due.minusMillis(1));
    assertThat(jobs).allSatisfy(job -> assertThat(job.attempt()).isEqualTo(1));
  }

  @Test
  void aJobDueInThePastIsDueAtOnce() throws Exception {
    transport.publish(
        List.of(Site.with(Site.job(site.mails), new Due.At(Instant.now().minusSeconds(5)), null)));

    assertThat(site.ready(site.mails)).isEqualTo(1);
  }

  @Test
  void aSnoozeGivesTheAttemptBack() throws Exception {
    transport.publish(List.of(Site.with(Site.job(site.mails), Due.now(), 1)));

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
  void theLastAllowedAttemptEndsAsADeadLetter() throws Exception {
    transport.publish(List.of(Site.with(Site.job(site.mails), Due.now(), 2)));
    Outcome retry = new Outcome.Retry(Duration.ZERO, FAILURE);
    Site.settle(source, retry, site.take(source, 1));

    Site.settle(source, retry, site.take(source, 1));

    assertThat(Site.headers(site.get(site.dlq(site.mails))))
        .containsEntry("jobs4j-reason", "EXHAUSTED")
        .containsEntry("jobs4j-attempt", "2");
    assertThat(source.turn(site.demand(1), Duration.ofMillis(300))).isEmpty();
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
