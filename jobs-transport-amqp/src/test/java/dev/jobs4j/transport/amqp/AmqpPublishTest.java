package dev.jobs4j.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rabbitmq.client.GetResponse;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.QueueKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code publish} promises. */
class AmqpPublishTest {

  private Site site;

  @BeforeAll
  static void report() {
    AmqpBroker.get().report(AmqpPublishTest.class);
  }

  @BeforeEach
  void open() throws Exception {
    site = new Site();
  }

  @AfterEach
  void close() throws Exception {
    site.close();
  }

  @Test
  void returnsWhenTheBrokerKeepsAllJobs() {
    site.transport().publish(Site.jobs(site.mails, 50));

    assertThat(site.ready(site.mails)).isEqualTo(50);
  }

  @Test
  void moreJobsThanMayBeOutstandingGetThroughToo() {
    site.transport(site.options().maxOutstanding(7)).publish(Site.jobs(site.mails, 200));

    assertThat(site.ready(site.mails)).isEqualTo(200);
  }

  @Test
  void severalThreadsShareOneTransport() throws Exception {
    AmqpJobTransport transport = site.transport();
    List<CompletableFuture<Void>> publishing = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      publishing.add(
          CompletableFuture.runAsync(
              () -> {
                for (int n = 0; n < 25; n++) {
                  transport.publish(Site.jobs(site.mails, 2));
                }
              }));
    }
    for (CompletableFuture<Void> future : publishing) {
      future.get(30, TimeUnit.SECONDS);
    }

    assertThat(site.ready(site.mails)).isEqualTo(200);
  }

  @Test
  void theMessageIsDurableAndReadableByAnyone() throws Exception {
    NewJob plain = Site.job(site.mails);
    NewJob job =
        NewJob.builder(plain.id(), "mail.send", site.mails, plain.payload())
            .typeVersion(3)
            .maxAttempts(5)
            .tenant("acme")
            .headers(Map.of("traceparent", "00-abc"))
            .build();

    site.transport().publish(List.of(job));

    GetResponse message = site.get(site.mails.name());
    assertThat(message.getBody()).isEqualTo(job.payload().bytes());
    assertThat(message.getProps().getDeliveryMode()).isEqualTo(2);
    assertThat(message.getProps().getMessageId()).isEqualTo(job.id().toString());
    assertThat(message.getProps().getType()).isEqualTo("mail.send");
    assertThat(message.getProps().getContentType()).isEqualTo("application/json");
    assertThat(Site.headers(message))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "jobs4j-id", job.id().toString(),
                "jobs4j-type", "mail.send",
                "jobs4j-type-version", "3",
                "jobs4j-codec", "json",
                "jobs4j-attempt", "1",
                "jobs4j-max-attempts", "5",
                "jobs4j-tenant", "acme",
                "traceparent", "00-abc"));
  }

  @Test
  void aMissingQueueIsAnErrorAndNotASilentLoss() throws Exception {
    AmqpJobTransport guest = guest();
    guest.publish(Site.jobs(site.mails, 1));
    site.raw(channel -> channel.queueDelete(site.mails.name()));

    StoreException refused =
        catchThrowableOfType(StoreException.class, () -> guest.publish(Site.jobs(site.mails, 2)));

    assertThat(refused)
        .hasMessageContaining("2 of 2")
        .hasMessageContaining(site.mails.name())
        .hasMessageContaining("is not there");
    // RabbitMQ returns the message, which proves that nothing was kept; Qpid first says no.
    assertThat(refused.outcome())
        .isEqualTo(AmqpBroker.get().isRabbit() ? Certainty.NOT_DONE : Certainty.UNKNOWN);
  }

  @Test
  void oneMissingQueueAmongGoodOnesLeavesTheOutcomeUnknown() throws Exception {
    AmqpJobTransport guest = guest();
    guest.publish(Site.jobs(site.mails, 1));
    site.raw(channel -> channel.queueDelete(site.bills.name()));

    StoreException refused =
        catchThrowableOfType(
            StoreException.class,
            () -> guest.publish(List.of(Site.job(site.mails), Site.job(site.bills))));

    assertThat(refused.outcome()).isEqualTo(Certainty.UNKNOWN);
    assertThat(site.ready(site.mails)).isEqualTo(2);
  }

  /** A transport that works queues of others. */
  private AmqpJobTransport guest() throws Exception {
    site.raw(channel -> channel.queueDeclare(site.mails.name(), true, false, false, null));
    site.raw(channel -> channel.queueDeclare(site.bills.name(), true, false, false, null));
    return site.transport(site.options().queueKind(QueueKind.EXISTING));
  }

  @Test
  void aQueueThatWasDeletedIsDeclaredAgain() throws Exception {
    AmqpJobTransport transport = site.transport();
    transport.publish(Site.jobs(site.mails, 1));
    site.raw(channel -> channel.queueDelete(site.mails.name()));

    transport.publish(Site.jobs(site.mails, 3));

    assertThat(site.ready(site.mails)).isEqualTo(3);
  }

  @Test
  void aConfirmThatDoesNotComeLeavesTheOutcomeUnknown() {
    AmqpJobTransport transport = site.transport(site.options().confirmTimeout(ofMillis(500)));
    transport.publish(Site.jobs(site.mails, 1));
    site.proxy.keepFromClient(FaultProxy.BASIC_ACK);

    StoreException failed =
        catchThrowableOfType(
            StoreException.class, () -> transport.publish(Site.jobs(site.mails, 1)));

    assertThat(failed.outcome()).isEqualTo(Certainty.UNKNOWN);
    assertThat(failed).hasMessageContaining("confirmTimeout");
    site.proxy.keepFromClient(frame -> false);
    transport.publish(Site.jobs(site.mails, 1));
    assertThat(site.ready(site.mails)).isEqualTo(3);
  }

  @Test
  void aConnectionLostBeforeTheConfirmLeavesTheOutcomeUnknown() throws Exception {
    AmqpJobTransport transport = site.transport();
    transport.publish(Site.jobs(site.mails, 1));
    site.proxy.keepFromClient(FaultProxy.BASIC_ACK);
    CompletableFuture<Void> publishing =
        CompletableFuture.runAsync(() -> transport.publish(Site.jobs(site.mails, 1)));
    site.awaitReady(site.mails, 2);

    site.proxy.cut();

    assertThat(publishing)
        .failsWithin(Duration.ofSeconds(3))
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.outcome()).isEqualTo(Certainty.UNKNOWN));
  }

  @Test
  void aBlockedConnectionFailsAtOnce() throws Exception {
    AmqpJobTransport transport = site.transport();
    transport.publish(Site.jobs(site.mails, 1));
    site.proxy.keepFromClient(FaultProxy.BASIC_ACK);
    CompletableFuture<Void> publishing =
        CompletableFuture.runAsync(() -> transport.publish(Site.jobs(site.mails, 1)));
    site.awaitReady(site.mails, 2);

    site.proxy.block("low on memory");

    assertThat(publishing)
        .failsWithin(Duration.ofSeconds(3))
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.outcome()).isEqualTo(Certainty.UNKNOWN));
    StoreException refused =
        catchThrowableOfType(
            StoreException.class, () -> transport.publish(Site.jobs(site.mails, 1)));
    assertThat(refused.outcome()).isEqualTo(Certainty.NOT_DONE);
    assertThat(refused).rootCause().hasMessageContaining("low on memory");

    site.proxy.keepFromClient(frame -> false);
    site.proxy.unblock();
    site.awaitPublishing(transport, site.mails);
  }

  @Test
  void aBrokerThatIsDownIsTriedAgainAtTheNextCall() {
    AmqpJobTransport transport = site.transport();
    transport.publish(Site.jobs(site.mails, 1));
    site.proxy.refuse(true);
    site.proxy.cut();

    StoreException failed =
        catchThrowableOfType(
            StoreException.class, () -> transport.publish(Site.jobs(site.mails, 1)));

    assertThat(failed).isNotNull();
    site.proxy.refuse(false);
    site.awaitPublishing(transport, site.mails);
  }

  @Test
  void whatNoBrokerQueuePromisesIsRefusedBeforeAnythingIsSent() {
    AmqpJobTransport transport = site.transport();
    NewJob job = Site.job(site.mails);
    NewJob urgent =
        NewJob.builder(job.id(), job.type(), job.queue(), job.payload())
            .priority(Priority.HIGH)
            .due(job.due())
            .build();

    assertThatThrownBy(() -> transport.publish(List.of(job, urgent)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("priorities");
    assertThatThrownBy(() -> transport.publish(Site.jobs(JobQueue.of("other"), 1)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("other");
    assertThat(transport.capabilities()).containsExactly(Capability.DELAY);
  }

  @Test
  void aReservedHeaderIsRefused() {
    NewJob job = Site.job(site.mails);
    NewJob sly =
        NewJob.builder(job.id(), job.type(), job.queue(), job.payload())
            .due(job.due())
            .headers(Map.of("jobs4j-attempt", "0"))
            .build();

    assertThatThrownBy(() -> site.transport().publish(List.of(sly)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("jobs4j-attempt");
  }

  @Test
  void aQueueOfOthersThatIsNotThereIsNamed() {
    AmqpJobTransport transport = site.transport(site.options().queueKind(QueueKind.EXISTING));

    assertThatThrownBy(() -> transport.publish(Site.jobs(site.mails, 1)))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.outcome()).isEqualTo(Certainty.NOT_DONE))
        .hasMessageContaining("is not there")
        .hasMessageContaining("queueKind");
  }

  private static Duration ofMillis(long millis) {
    return Duration.ofMillis(millis);
  }
}
