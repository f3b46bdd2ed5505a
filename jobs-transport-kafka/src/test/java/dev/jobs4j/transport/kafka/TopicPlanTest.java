package dev.jobs4j.transport.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.JobQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicPlanTest {
  private static final JobQueue ORDERS = JobQueue.of("orders");

  private final TopicPlan plan =
      new TopicPlan(
          "shop",
          Set.of(ORDERS),
          List.of(
              Duration.ofMillis(500),
              Duration.ofSeconds(30),
              Duration.ofMinutes(2),
              Duration.ofHours(1)));

  @Test
  void topicsAreNamedByQueueGroupAndDelay() {
    assertThat(plan.all())
        .containsExactly(
            "orders",
            "orders.shop.retry.500ms",
            "orders.shop.retry.30s",
            "orders.shop.retry.2m",
            "orders.shop.retry.1h",
            "orders.shop.dlq");
  }

  @Test
  void aWaitGoesToTheSmallestTierThatIsAsLong() {
    assertThat(plan.tier(Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
    assertThat(plan.tier(Duration.ofMillis(500))).isEqualTo(Duration.ofMillis(500));
    assertThat(plan.tier(Duration.ofMillis(501))).isEqualTo(Duration.ofSeconds(30));
    assertThat(plan.tier(Duration.ofDays(3))).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void aRetryTopicBelongsToItsQueue() {
    assertThat(plan.queueOf("orders.shop.retry.2m")).isEqualTo(ORDERS);
    assertThat(plan.isRetry("orders.shop.retry.2m")).isTrue();
    assertThat(plan.isRetry("orders")).isFalse();
  }

  @Test
  void theLongestNamesFit() {
    KafkaTransportOptions options =
        b("g".repeat(100), "q".repeat(120)).retryTiers(Duration.ofMillis(Long.MAX_VALUE)).build();

    assertThat(new TopicPlan(options.groupId(), options.queues(), options.retryTiers()).all())
        .allMatch(topic -> topic.length() <= 249);
  }

  @Test
  void aSettingOutOfRangeIsRefusedByName() {
    refused("groupId", b("a group", "q"));
    refused("queues", b("g"));
    refused("retryTiers", b("g", "q").retryTiers());
    refused("retryTiers", b("g", "q").retryTiers(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    refused("partitions", b("g", "q").partitions(0));
    refused("replication", b("g", "q").replication(-1));
    refused("maxSpan", b("g", "q").maxSpan(0));
    refused("maxBuffer", b("g", "q").maxBuffer(1));
    refused("drainLimit", b("g", "q").drainLimit(Duration.ofMinutes(3)));
    refused("enable.auto.commit", b("g", "q").clientProperty("enable.auto.commit", "true"));
    refused("acks", b("g", "q").clientProperty("acks", "1"));
    refused("queues", b("g", "q", "q.g.dlq"));
  }

  private static KafkaTransportOptions.Builder b(String group, String... queues) {
    return KafkaTransportOptions.builder("localhost:1", group, InstantSource.system(), queues);
  }

  private static void refused(String name, KafkaTransportOptions.Builder builder) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }
}
