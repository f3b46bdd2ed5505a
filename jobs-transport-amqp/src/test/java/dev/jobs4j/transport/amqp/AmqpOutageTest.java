package dev.jobs4j.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rabbitmq.client.AMQP;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds when connections break, channels end and confirms stay away. */
class AmqpOutageTest {

  private static final Outcome SUCCEEDED = new Outcome.Succeeded(null);
  private static final Failure FAILURE = new Failure("X", "no", "");
  private static final Outcome DEAD = new Outcome.Dead(DeadReason.REJECTED, FAILURE);

  private Site site;
  private AmqpJobTransport transport;
  private JobSource source;

  @BeforeAll
  static void report() {
    AmqpBroker.get().report(AmqpOutageTest.class);
  }

  @BeforeEach
  void open() throws Exception {
    site = new Site();
    transport = site.transport(site.options().confirmTimeout(Duration.ofMillis(700)));
    source = site.source(transport);
  }

  @AfterEach
  void close() throws Exception {
    site.close();
  }

  @Test
  void afterALostConnectionNothingIsAcknowledgedUnderTheOldTags() throws Exception {
    transport.publish(Site.jobs(site.mails, 20));
    List<LeasedJob> first = site.take(source, 20);
    site.proxy.cut();
    site.awaitReady(site.mails, 20);

    List<LeasedJob> second = site.take(source, 20);

    assertThat(site.revoked).containsExactlyInAnyOrderElementsOf(Site.leases(first));
    assertThat(Site.ids(second)).containsExactlyInAnyOrderElementsOf(Site.ids(first));
    assertThat(Site.leases(second)).doesNotContainAnyElementsOf(Site.leases(first));
    // The tags are the same numbers, so an ack under the old lease would hit a new delivery.
    assertThat(Site.settle(source, SUCCEEDED, first)).isEqualTo(Site.leases(first));
    source.close();
    site.awaitReady(site.mails, 20);
  }

  @Test
  void whatIsSettledAfterTheLossAndBeforeTheNextTurnIsAcknowledgedNowhere() throws Exception {
    transport.publish(Site.jobs(site.mails, 5));
    List<LeasedJob> jobs = site.take(source, 5);
    site.proxy.cut();
    site.awaitReady(site.mails, 5);

    // Until the client has noticed, it may believe that an acknowledgement gets through.
    assertThat(Site.leases(jobs)).containsAll(Site.settle(source, SUCCEEDED, jobs));

    site.turnUntil(source, 0, () -> site.publishes(transport, site.bills));
    assertThat(site.ready(site.mails)).isEqualTo(5);
  }

  @Test
  void manyLossesLoseNoJobAndAcknowledgeNoneWrongly() throws Exception {
    transport.publish(Site.jobs(site.mails, 60));
    int acknowledged = 0;
    for (int round = 0; round < 10; round++) {
      List<LeasedJob> jobs = site.take(source, 20);
      assertThat(Site.settle(source, SUCCEEDED, jobs.subList(0, 2))).isEmpty();
      acknowledged += 2;
      source.turn(Demand.NONE, Duration.ZERO);
      site.awaitReady(site.mails, Math.max(0, 60 - acknowledged - 20)); // both acks have arrived
      site.proxy.cut();
      site.awaitReady(site.mails, 60 - acknowledged);
      site.turnUntil(source, 0, () -> site.revoked.contains(jobs.get(2).lease()));
      assertThat(Site.settle(source, SUCCEEDED, jobs.subList(2, 20))).hasSize(18);
    }
    source.close();
    site.awaitReady(site.mails, 40);
  }

  @Test
  void anOutageIsToldAndLivedThrough() throws Exception {
    transport.publish(Site.jobs(site.mails, 1));
    source.turn(Demand.NONE, Duration.ZERO);
    site.proxy.refuse(true);
    site.proxy.cut();

    int told = 0;
    while (told < 3) {
      StoreException e =
          catchThrowableOfType(
              StoreException.class, () -> source.turn(site.demand(1), Duration.ofMillis(100)));
      told += e == null ? 0 : 1;
    }

    site.proxy.refuse(false);
    assertThat(site.take(source, 1)).hasSize(1);
  }

  @Test
  void aChannelThatTheBrokerClosesIsOpenedAgainAndTheOthersLive() throws Exception {
    transport.publish(Site.jobs(site.mails, 3));
    transport.publish(Site.jobs(site.bills, 1));
    List<LeasedJob> mails = site.take(source, 3);
    List<LeasedJob> bills = site.take(source, site.bills, 1);

    site.proxy.failChannelOf(site.mails.name());
    site.awaitReady(site.mails, 3);
    List<LeasedJob> again = site.take(source, 3);

    assertThat(site.revoked).containsExactlyInAnyOrderElementsOf(Site.leases(mails));
    assertThat(Site.settle(source, SUCCEEDED, mails)).isEqualTo(Site.leases(mails));
    assertThat(Site.settle(source, SUCCEEDED, bills)).isEmpty();
    assertThat(Site.settle(source, SUCCEEDED, again)).isEmpty();
    source.close();
    assertThat(site.ready(site.mails)).isZero();
    assertThat(site.ready(site.bills)).isZero();
  }

  @Test
  void aDeadLetterIsConfirmedBeforeItsJobIsAcknowledged() throws Exception {
    transport.publish(Site.jobs(site.mails, 1));
    List<LeasedJob> jobs = site.take(source, 1);
    site.proxy.keepFromClient(FaultProxy.BASIC_ACK);

    StoreException failed =
        catchThrowableOfType(StoreException.class, () -> Site.settle(source, DEAD, jobs));

    assertThat(failed.outcome()).isEqualTo(Certainty.UNKNOWN);
    source.close();
    site.awaitReady(site.mails, 1); // still the broker's: a duplicate at worst, never a loss
  }

  @Test
  void aRetryIsConfirmedBeforeItsJobIsAcknowledged() throws Exception {
    transport.publish(Site.jobs(site.mails, 1));
    List<LeasedJob> jobs = site.take(source, 1);
    site.proxy.keepFromClient(FaultProxy.BASIC_ACK);
    Outcome retry = new Outcome.Retry(Duration.ofMinutes(1), FAILURE);

    assertThat(catchThrowableOfType(StoreException.class, () -> Site.settle(source, retry, jobs)))
        .isNotNull();

    source.close();
    site.awaitReady(site.mails, 1);
  }

  @Test
  void aMissingDeadLetterQueueIsMadeAgainBeforeTheJobIsAcknowledged() throws Exception {
    transport.publish(Site.jobs(site.mails, 1));
    List<LeasedJob> jobs = site.take(source, 1);
    site.raw(channel -> channel.queueDelete(site.dlq(site.mails)));

    assertThat(Site.settle(source, DEAD, jobs)).isEmpty();

    assertThat(site.ready(site.dlq(site.mails))).isEqualTo(1);
    source.close();
    assertThat(site.ready(site.mails)).isZero();
  }

  @Test
  void aSettlementIsRepeatedUntilItIsThroughAndNothingOfItIsLost() throws Exception {
    transport.publish(Site.jobs(site.mails, 2));
    List<LeasedJob> jobs = site.take(source, 2);
    List<Settlement> settlements =
        List.of(
            new Settlement(jobs.get(0).lease(), SUCCEEDED),
            new Settlement(jobs.get(1).lease(), DEAD));
    site.proxy.keepFromClient(FaultProxy.BASIC_ACK);
    assertThat(catchThrowableOfType(StoreException.class, () -> source.settle(settlements)))
        .isNotNull();
    site.proxy.keepFromClient(frame -> false);

    assertThat(source.settle(settlements)).isEmpty();

    source.close();
    assertThat(site.ready(site.mails)).isZero();
    // The first try may have got through unconfirmed: once too often is the price of never lost.
    assertThat(site.ready(site.dlq(site.mails))).isEqualTo(2);
    assertThat(source.settle(settlements)).hasSize(2);
  }

  @Test
  void aBlockedBrokerStopsRetriesAndNotSuccesses() throws Exception {
    transport.publish(Site.jobs(site.mails, 2));
    List<LeasedJob> jobs = site.take(source, 2);
    site.proxy.block("low on disk");
    Outcome retry = new Outcome.Retry(Duration.ZERO, FAILURE);
    site.awaitRefusal(transport, site.bills);

    assertThat(
            catchThrowableOfType(
                    StoreException.class, () -> Site.settle(source, retry, jobs.get(0)))
                .outcome())
        .isEqualTo(Certainty.NOT_DONE);

    assertThat(Site.settle(source, SUCCEEDED, jobs.get(1))).isEmpty();
    site.proxy.unblock();
    site.awaitPublishing(transport, site.bills);
    assertThat(Site.settle(source, retry, jobs.get(0))).isEmpty();
    assertThat(site.take(source, 1).get(0).attempt()).isEqualTo(2);
  }

  @Test
  void whatCannotBeMovedOnDoesNotStopWhatCanRun() throws Exception {
    source.turn(Demand.NONE, Duration.ZERO);
    transport.publish(Site.jobs(site.mails, 1));
    site.proxy.block("low on disk");
    site.awaitRefusal(transport, site.bills);
    site.publishForeign(site.mails, new AMQP.BasicProperties(), "no job");
    site.publishForeign(site.mails, new AMQP.BasicProperties.Builder().type("t").build(), "a job");

    assertThat(site.take(source, 2)).hasSize(2);

    source.close();
    site.awaitReady(site.mails, 3);
    assertThat(site.ready(site.dlq(site.mails))).isZero();
  }

  @Test
  void aWaitingRetryOutlivesTheConnection() throws Exception {
    transport.publish(Site.jobs(site.mails, 1));
    Outcome retry = new Outcome.Retry(Duration.ofMillis(500), FAILURE);
    Site.settle(source, retry, site.take(source, 1));
    source.turn(Demand.NONE, Duration.ofMillis(100));

    site.proxy.cut();

    assertThat(site.take(source, 1).get(0).attempt()).isEqualTo(2);
  }
}
