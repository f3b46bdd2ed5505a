package dev.jobs4j.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Failure;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is on the wire: jobs, dead letters, and what others put there. */
class AmqpMessageTest {

  private static final Failure FAILURE =
      new Failure("java.io.IOException", "mail server says no", "");

  private Site site;
  private AmqpJobTransport transport;
  private JobSource source;

  @BeforeAll
  static void report() {
    AmqpBroker.get().report(AmqpMessageTest.class);
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
  void aJobComesOutAsItWentIn() throws Exception {
    NewJob job = Site.with(Site.job(site.mails), Due.now(), 4);
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
  void aDeadLetterKeepsTheBodyAndTellsItsStory() throws Exception {
    NewJob job = Site.with(Site.job(site.mails), Due.now(), null);
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
}
