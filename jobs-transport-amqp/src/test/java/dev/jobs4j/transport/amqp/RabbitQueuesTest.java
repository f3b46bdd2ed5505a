package dev.jobs4j.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.GetResponse;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.QueueKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What RabbitMQ's queues do by themselves, and what we make of it. */
class RabbitQueuesTest {

  private static final Failure FAILURE = new Failure("X", "no", "");

  private Site site;

  @BeforeAll
  static void report() {
    AmqpBroker.get()
        .needsRabbit(
            RabbitQueuesTest.class,
            "refuses the arguments of a queue and does not tell a consumer that its queue is gone");
    AmqpBroker.get().report(RabbitQueuesTest.class);
  }

  @BeforeEach
  void open() throws Exception {
    site = new Site();
  }

  @AfterEach
  void close() throws Exception {
    site.close();
  }

  private AmqpJobTransport quorum(int deliveryLimit) {
    return site.transport(site.options().queueKind(QueueKind.QUORUM).deliveryLimit(deliveryLimit));
  }

  @Test
  void aQuorumQueueTakesTheWholeWay() throws Exception {
    AmqpJobTransport transport = quorum(20);
    JobSource source = site.source(transport);
    transport.publish(Site.jobs(site.mails, 3));
    List<LeasedJob> jobs = site.take(source, 3);

    Site.settle(source, new Outcome.Succeeded(null), jobs.get(0));
    Site.settle(source, new Outcome.Dead(DeadReason.REJECTED, FAILURE), jobs.get(1));
    Site.settle(source, new Outcome.Retry(Duration.ofMillis(150), FAILURE), jobs.get(2));

    LeasedJob second = site.take(source, 1).get(0);
    assertThat(second.id()).isEqualTo(jobs.get(2).id());
    assertThat(second.attempt()).isEqualTo(2);
    site.awaitReady(site.dlq(site.mails), 1);
    assertThat(Site.settle(source, new Outcome.Succeeded(null), second)).isEmpty();
    source.close();
    assertThat(site.ready(site.mails)).isZero();
  }

  @Test
  void aJobBeyondTheDeliveryLimitIsADeadLetterAndNotGone() throws Exception {
    AmqpJobTransport transport = quorum(3);
    JobSource source = site.source(transport);
    transport.publish(Site.jobs(site.mails, 1));
    boolean suspected = false;
    for (int crash = 0; crash < 4; crash++) {
      LeasedJob job = site.take(source, 1).get(0);
      assertThat(job.suspect()).as("after %s crashes", crash).isEqualTo(crash >= 2);
      suspected |= job.suspect();
      site.proxy.cut();
    }

    site.awaitReady(site.dlq(site.mails), 1);

    assertThat(suspected).isTrue();
    GetResponse letter = site.get(site.dlq(site.mails));
    assertThat(Site.headers(letter))
        .containsEntry("x-first-death-reason", "delivery_limit")
        .containsEntry("x-first-death-queue", site.mails.name())
        .containsKey("jobs4j-id");
  }

  @Test
  void aFullQueueRefusesAndIsTakenByItsWord() throws Exception {
    Map<String, Object> full = Map.of("x-max-length", 1, "x-overflow", "reject-publish");
    site.raw(channel -> channel.queueDeclare(site.mails.name(), true, false, false, full));
    site.raw(channel -> channel.queueDeclare(site.bills.name(), true, false, false, full));
    AmqpJobTransport transport = site.transport(site.options().queueKind(QueueKind.EXISTING));
    transport.publish(Site.jobs(site.mails, 1));

    assertThatThrownBy(() -> transport.publish(Site.jobs(site.mails, 1)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("refused");
    assertThat(site.ready(site.mails)).isEqualTo(1);
  }

  @Test
  void aRefusalThatPassesIsOvercome() throws Exception {
    Map<String, Object> full = Map.of("x-max-length", 1, "x-overflow", "reject-publish");
    site.raw(channel -> channel.queueDeclare(site.mails.name(), true, false, false, full));
    site.raw(channel -> channel.queueDeclare(site.bills.name(), true, false, false, full));
    AmqpJobTransport transport = site.transport(site.options().queueKind(QueueKind.EXISTING));
    transport.publish(Site.jobs(site.mails, 1));
    CountDownLatch refused = new CountDownLatch(1);
    site.proxy.keepFromClient(
        frame -> {
          if (frame.is(60, 120)) {
            refused.countDown();
          }
          return false;
        });
    CompletableFuture<Void> publishing =
        CompletableFuture.runAsync(() -> transport.publish(Site.jobs(site.mails, 1)));
    assertThat(refused.await(10, TimeUnit.SECONDS)).isTrue();

    site.get(site.mails.name());

    publishing.get(10, TimeUnit.SECONDS);
    assertThat(site.ready(site.mails)).isEqualTo(1);
  }

  @Test
  void whatTheBrokerItselfGivesUpOnAClassicQueueIsADeadLetterToo() throws Exception {
    AmqpJobTransport transport = site.transport();
    transport.publish(Site.jobs(site.mails, 1));

    site.raw(
        channel -> {
          long tag = channel.basicGet(site.mails.name(), false).getEnvelope().getDeliveryTag();
          channel.basicReject(tag, false);
        });

    site.awaitReady(site.dlq(site.mails), 1);
  }

  @Test
  void aRedrivenDeadLetterRunsAgain() throws Exception {
    AmqpJobTransport transport = quorum(1);
    JobSource source = site.source(transport);
    transport.publish(Site.jobs(site.mails, 1));
    for (int crash = 0; crash < 2; crash++) {
      site.take(source, 1);
      site.proxy.cut();
    }
    site.awaitReady(site.dlq(site.mails), 1);
    GetResponse letter = site.get(site.dlq(site.mails));

    site.publishForeign(
        site.mails, letter.getProps(), new String(letter.getBody(), StandardCharsets.UTF_8));
    LeasedJob job = site.take(source, 1).get(0);
    Site.settle(source, new Outcome.Retry(Duration.ofMillis(100), FAILURE), job);

    LeasedJob second = site.take(source, 1).get(0);
    assertThat(second.attempt()).isEqualTo(2);
    // With its old x-death the broker could take a copy for one that goes in circles, and drop it.
    Site.settle(source, new Outcome.Dead(DeadReason.REJECTED, FAILURE), second);
    site.awaitReady(site.dlq(site.mails), 1);
    assertThat(Site.headers(site.get(site.dlq(site.mails))))
        .doesNotContainKeys("x-death", "x-first-death-reason");
  }

  @Test
  void aQueueOfAnotherKindIsNamedWithTheSettingToMend() {
    AmqpJobTransport transport = quorum(5);
    site.transport().publish(Site.jobs(site.mails, 1));

    assertThatThrownBy(() -> transport.publish(Site.jobs(site.mails, 1)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("queueKind");
  }

  @Test
  void aQueueThatIsDeletedUnderItsConsumerIsDeclaredAgain() throws Exception {
    AmqpJobTransport transport = site.transport();
    JobSource source = site.source(transport);
    transport.publish(Site.jobs(site.mails, 1));
    LeasedJob job = site.take(source, 1).get(0);

    site.raw(channel -> channel.queueDelete(site.mails.name()));
    site.turnUntil(source, 1, () -> site.revoked.contains(job.lease()));
    site.turnUntil(source, 1, () -> site.declared(site.mails));
    transport.publish(Site.jobs(site.mails, 1));

    assertThat(site.take(source, 1)).hasSize(1);
  }
}
