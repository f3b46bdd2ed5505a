package dev.jobs4j.transport.kafka;

import static dev.jobs4j.transport.kafka.KafkaRig.succeeded;
import static dev.jobs4j.transport.kafka.KafkaRig.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Failure;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.tck.BackendReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Retries, dead letters, and records that are no jobs. */
class KafkaHandOffTest {
  private static final Failure FAILURE = new Failure("java.io.IOException", "no route", "at x");

  @BeforeAll
  static void report() {
    KafkaBroker.shared();
    BackendReport.used(KafkaHandOffTest.class, KafkaBroker.version(), BackendReport.REAL);
  }

  private static Settlement retry(LeasedJob job, Duration delay) {
    return new Settlement(job.lease(), new Outcome.Retry(delay, FAILURE));
  }

  private static Settlement dead(LeasedJob job) {
    return new Settlement(job.lease(), new Outcome.Dead(DeadReason.NON_RETRYABLE, FAILURE));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return JobHeaders.text(record.headers(), name);
  }

  @Test
  void aRetryComesBackThroughItsTierAsTheNextAttempt() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(1);
      JobSource source = rig.source();
      LeasedJob first = rig.take(source, 1).get(0);
      long start = System.nanoTime();

      assertThat(source.settle(List.of(retry(first, Duration.ofMillis(800))))).isEmpty();
      LeasedJob second = rig.take(source, 1).get(0);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(800));
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(second.attempt()).isEqualTo(2);
      assertThat(second.queue()).isEqualTo(rig.queue);
      assertThat(text(second)).isEqualTo(text(first));
      assertThat(second.lease().toString()).isEqualTo("kafka:" + rig.topic + ".g.retry.1s-0@0");
      assertThat(second.origin()).isEqualTo("kafka:" + rig.topic + "-0@0");
      rig.turnUntil(() -> rig.committed() == 1, source);
      source.settle(List.of(succeeded(second)));
      rig.turnUntil(() -> rig.committed(rig.topic + ".g.retry.1s", 0) == 1, source);
    }
  }

  @Test
  void aSnoozeGivesTheAttemptBack() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(1);
      JobSource source = rig.source();
      LeasedJob first = rig.take(source, 1).get(0);

      source.settle(List.of(new Settlement(first.lease(), new Outcome.Snoozed(Duration.ZERO))));

      assertThat(rig.take(source, 1).get(0).attempt()).isEqualTo(1);
    }
  }

  @Test
  void waitingRetriesDoNotHoldUpTheQueue() throws Exception {
    try (KafkaRig rig = new KafkaRig(b -> b.partitions(1).maxBuffer(4))) {
      rig.publish(30);
      JobSource source = rig.source();
      List<LeasedJob> failed = rig.take(source, 10);
      source.settle(failed.stream().map(j -> retry(j, Duration.ofSeconds(20))).toList());

      List<LeasedJob> fresh = rig.take(source, 20);

      assertThat(fresh).allMatch(j -> j.attempt() == 1);
    }
  }

  @Test
  void theLastAllowedAttemptIsADeadLetter() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.transport().publish(List.of(rig.job("x", Due.now(), 2)));
      JobSource source = rig.source();
      source.settle(List.of(retry(rig.take(source, 1).get(0), Duration.ZERO)));

      source.settle(List.of(retry(rig.take(source, 1).get(0), Duration.ZERO)));

      ConsumerRecord<byte[], byte[]> letter = rig.records(rig.dlq()).get(0);
      assertThat(header(letter, "jobs4j-reason")).isEqualTo("EXHAUSTED");
      assertThat(header(letter, "jobs4j-attempt")).isEqualTo("2");
      assertThat(header(letter, "jobs4j-original-topic")).isEqualTo(rig.topic);
      assertThat(header(letter, "jobs4j-first-failure-at"))
          .isLessThan(header(letter, "jobs4j-last-failure-at"));
      rig.turnUntil(() -> rig.committed() == 1, source);
      assertThat(source.turn(rig.demand(1), Duration.ofSeconds(1))).isEmpty();
    }
  }

  @Test
  void aDeadLetterHoldsTheOriginalBytesAndTellsWhy() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      byte[] key = {0, (byte) 200};
      byte[] value = {(byte) 0xC3, 0x28, 0};
      rig.transport().publish(List.of(rig.job("first"))); // makes the topics
      rig.sendForeign(key, value, Map.of("jobs4j-type", "t", "trace", "ü"));
      JobSource source = rig.source();
      LeasedJob job = rig.take(source, 2).get(1);
      assertThat(job.headers()).isEqualTo(Map.of("trace", "ü"));

      assertThat(source.settle(List.of(dead(job)))).isEmpty();

      ConsumerRecord<byte[], byte[]> letter = rig.records(rig.dlq()).get(0);
      assertThat(letter.key()).isEqualTo(key);
      assertThat(letter.value()).isEqualTo(value);
      assertThat(header(letter, "trace")).isEqualTo("ü");
      assertThat(header(letter, "jobs4j-id")).isEqualTo(job.id().toString());
      assertThat(header(letter, "jobs4j-reason")).isEqualTo("NON_RETRYABLE");
      assertThat(header(letter, "jobs4j-error-class")).isEqualTo("java.io.IOException");
      assertThat(header(letter, "jobs4j-error-message")).isEqualTo("no route");
      assertThat(header(letter, "jobs4j-original-offset")).isEqualTo("1");
      assertThat(header(letter, "kafka_dlt-original-topic")).isEqualTo(rig.topic);
    }
  }

  @Test
  void anOffsetCompletesOnlyAfterItsDeadLetterIsDurable() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(2);
      JobSource source = rig.source();
      List<LeasedJob> jobs = rig.take(source, 2);
      try (Admin admin = rig.broker.admin()) {
        admin.deleteTopics(List.of(rig.dlq())).all().get();
      }

      List<Settlement> both = List.of(dead(jobs.get(0)), succeeded(jobs.get(1)));
      assertThatThrownBy(() -> source.settle(both)).isInstanceOf(StoreException.class);
      KafkaRig.turnFor(Duration.ofSeconds(1), source);
      assertThat(rig.committed()).isZero();

      try (Admin admin = rig.broker.admin()) {
        NewTopic again = new NewTopic(rig.dlq(), Optional.of(1), Optional.empty());
        admin.createTopics(List.of(again)).all().get();
      }
      assertThat(settleAgain(source, both)).isTrue();
      assertThat(rig.records(rig.dlq())).hasSize(1);
      rig.turnUntil(() -> rig.committed() == 2, source);
    }
  }

  /** As an engine does: the same settlements until they go through, with nothing lost. */
  private static boolean settleAgain(JobSource source, List<Settlement> settlements) {
    for (int i = 0; i < 20; i++) {
      try {
        return source.settle(settlements).isEmpty();
      } catch (StoreException e) {
        assertThat(e).hasMessageContaining("Handing");
      }
    }
    return false;
  }

  @Test
  void aRecordThatIsNoJobIsADeadLetterAndBlocksNothing() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(1);
      byte[] garbage = {1, 2, 3};
      rig.sendForeign(null, garbage, Map.of());
      rig.sendForeign(null, null, Map.of("jobs4j-type", "t", "jobs4j-attempt", "many"));
      rig.publish(1);
      JobSource source = rig.source();

      rig.take(source, 2).forEach(j -> source.settle(List.of(succeeded(j))));
      rig.turnUntil(() -> rig.committed() == 4, source);

      List<ConsumerRecord<byte[], byte[]>> letters = rig.records(rig.dlq());
      assertThat(letters).hasSize(2);
      assertThat(letters).allMatch(r -> "DECODE".equals(header(r, "jobs4j-reason")));
      assertThat(letters.stream().map(ConsumerRecord::value).toList())
          .anySatisfy(v -> assertThat(v).isEqualTo(garbage))
          .anySatisfy(v -> assertThat(v).isNull());
      assertThat(letters)
          .anyMatch(r -> header(r, "jobs4j-error-message").contains("jobs4j-type"))
          .anyMatch(r -> header(r, "jobs4j-error-message").contains("many"));
    }
  }

  @Test
  void aRecordThatIsNoJobStaysUntilItsDeadLetterIsDurable() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(1);
      JobSource source = rig.source();
      source.settle(List.of(succeeded(rig.take(source, 1).get(0))));
      try (Admin admin = rig.broker.admin()) {
        admin.deleteTopics(List.of(rig.dlq())).all().get();
        rig.sendForeign(null, "garbage".getBytes(UTF_8), Map.of());
        for (int i = 0; i < 20; i++) {
          assertThat(source.turn(rig.demand(1), KafkaRig.TICK)).isEmpty();
        }
        assertThat(rig.committed()).isEqualTo(1);

        NewTopic again = new NewTopic(rig.dlq(), Optional.of(1), Optional.empty());
        admin.createTopics(List.of(again)).all().get();
      }
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (rig.committed() < 2 && System.nanoTime() < end) {
        assertThat(source.turn(rig.demand(1), KafkaRig.TICK)).isEmpty();
      }

      assertThat(rig.committed()).isEqualTo(2);
      assertThat(rig.records(rig.dlq())).hasSize(1);
    }
  }

  @Test
  void aForeignRecordKeepsItsIdOverDeliveriesAndRetries() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(1);
      rig.sendForeign(null, "7".getBytes(UTF_8), Map.of("jobs4j-type", "t"));
      JobSource first = rig.source();
      LeasedJob job = rig.take(first, 2).get(1);
      first.close();
      JobSource source = rig.source();
      LeasedJob again = rig.take(source, 2).get(1);
      source.settle(List.of(retry(again, Duration.ZERO)));
      LeasedJob retried = rig.take(source, 1).get(0);

      assertThat(job.id().value().version()).isEqualTo(5);
      assertThat(again.id()).isEqualTo(job.id());
      assertThat(retried.id()).isEqualTo(job.id());
      assertThat(retried.type()).isEqualTo("t");
      assertThat(retried.payload().codec()).isEqualTo("json");
    }
  }
}
