package dev.jobs4j.transport.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  private static final JobQueue QUEUE = JobQueue.of("q");
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final TopicPlan topics =
      new TopicPlan("g", Set.of(QUEUE), List.of(Duration.ofSeconds(1), Duration.ofSeconds(30)));
  private final RecordCodec codec = new RecordCodec(topics, "g");

  private static NewJob job(Due due, Map<String, String> headers) {
    return NewJob.builder(
            new JobId(UUID.randomUUID()),
            "mail.send",
            QUEUE,
            new Payload("json", "{\"ä\":1}".getBytes(UTF_8)))
        .typeVersion(3)
        .due(due)
        .maxAttempts(7)
        .tenant("acme")
        .headers(headers)
        .build();
  }

  private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> r) {
    return received(r.topic(), r.key(), r.value(), r.headers());
  }

  private static ConsumerRecord<byte[], byte[]> received(
      String topic, byte[] key, byte[] value, Headers headers) {
    return new ConsumerRecord<>(
        topic,
        2,
        17,
        1234,
        TimestampType.CREATE_TIME,
        -1,
        -1,
        key,
        value,
        headers,
        Optional.empty());
  }

  @Test
  void aJobComesOutAsItWentIn() {
    NewJob job = job(Due.now(), Map.of("traceparent", "00-ä"));

    Reading read = codec.decode(received(codec.encode(job, NOW)), "c");

    assertThat(read.id()).isEqualTo(job.id());
    assertThat(read.type()).isEqualTo("mail.send");
    assertThat(read.typeVersion()).isEqualTo(3);
    assertThat(read.payload().codec()).isEqualTo("json");
    assertThat(read.payload().bytes()).isEqualTo(job.payload().bytes());
    assertThat(read.attempt()).isEqualTo(1);
    assertThat(read.maxAttempts()).isEqualTo(7);
    assertThat(read.tenant()).isEqualTo("acme");
    assertThat(read.notBefore()).isNull();
    assertThat(read.headers()).isEqualTo(Map.of("traceparent", "00-ä"));
    assertThat(read.origin()).isEqualTo("kafka:q-2@17");
  }

  @Test
  void aDelayedJobWaitsInATierWithItsExactDueTime() {
    ProducerRecord<byte[], byte[]> r =
        codec.encode(job(new Due.In(Duration.ofSeconds(20)), Map.of()), NOW);

    assertThat(r.topic()).isEqualTo("q.g.retry.30s");
    assertThat(codec.holdUntil(received(r))).isEqualTo(NOW.plusSeconds(20));
    assertThat(codec.decode(received(r), "c").notBefore()).isEqualTo(NOW.plusSeconds(20));
  }

  @Test
  void aDelayBeyondTheLargestTierIsHeldForThatTierOnly() {
    ProducerRecord<byte[], byte[]> r =
        codec.encode(job(new Due.At(NOW.plusSeconds(95)), Map.of()), NOW);

    assertThat(r.topic()).isEqualTo("q.g.retry.30s");
    assertThat(codec.holdUntil(received(r))).isEqualTo(NOW.plusSeconds(30));
    assertThat(codec.decode(received(r), "c").notBefore()).isEqualTo(NOW.plusSeconds(95));
  }

  @Test
  void aDelayWithoutEndIsKept() {
    NewJob job = job(new Due.In(Duration.ofSeconds(Long.MAX_VALUE)), Map.of());

    Reading read = codec.decode(received(codec.encode(job, NOW)), "c");

    assertThat(read.notBefore()).isEqualTo(Instant.MAX);
  }

  @Test
  void aRecordWithoutAnIdHasOneOfItsOwn() {
    Headers headers = new RecordHeaders().add("jobs4j-type", "t".getBytes(UTF_8));
    Reading one = codec.decode(received("q", null, null, headers), "c");
    Reading again = codec.decode(received("q", null, null, headers), "c");

    assertThat(one.id()).isEqualTo(again.id());
    assertThat(one.id().value().version()).isEqualTo(5);
    assertThat(one.id().value().variant()).isEqualTo(2);
    assertThat(codec.decode(received("q", null, null, headers), "other").id())
        .isNotEqualTo(one.id());
    assertThat(one.payload().bytes()).isEmpty();
    assertThat(one.payload().codec()).isEqualTo("json");
    assertThat(one.maxAttempts()).isNull();
  }

  @Test
  void aRecordThatIsNoJobIsRefusedWithWhatIsWrong() {
    refused(new RecordHeaders(), "jobs4j-type");
    refused(headers("jobs4j-id", "nonsense"), "nonsense");
    refused(headers("jobs4j-attempt", "0"), "jobs4j-attempt");
    refused(headers("jobs4j-max-attempts", "x"), "jobs4j-max-attempts");
    refused(headers("jobs4j-type-version", "1.0"), "jobs4j-type-version");
    refused(headers("jobs4j-not-before", "tomorrow"), "jobs4j-not-before");
  }

  private static Headers headers(String name, String value) {
    return new RecordHeaders()
        .add("jobs4j-type", "t".getBytes(UTF_8))
        .add(name, value.getBytes(UTF_8));
  }

  private void refused(Headers headers, String what) {
    assertThatThrownBy(() -> codec.decode(received("q", null, null, headers), "c"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(what);
  }

  @Test
  void whatATopicCannotDoIsRefused() {
    NewJob job = job(Due.now(), Map.of());
    NewJob unique =
        NewJob.builder(job.id(), "t", QUEUE, job.payload())
            .uniqueKey(new UniqueKey("k", Duration.ZERO))
            .build();

    assertThatThrownBy(() -> codec.encode(unique, NOW))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("unique key");
    assertThatThrownBy(() -> codec.encode(job(Due.now(), Map.of("jobs4j-id", "x")), NOW))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("jobs4j-id");
  }

  @Test
  void aCopyOfACopyNamesTheFirstRecord() {
    ConsumerRecord<byte[], byte[]> first = received(codec.encode(job(Due.now(), Map.of()), NOW));
    ProducerRecord<byte[], byte[]> copy =
        codec.later(first, codec.decode(first, "c"), 2, NOW.plusMillis(10), NOW);
    ConsumerRecord<byte[], byte[]> second =
        received(copy.topic(), copy.key(), copy.value(), copy.headers());
    ProducerRecord<byte[], byte[]> third =
        codec.later(second, codec.decode(second, "c"), 3, NOW, NOW);
    Reading read = codec.decode(received(third), "c");

    assertThat(copy.topic()).isEqualTo("q.g.retry.1s");
    assertThat(read.origin()).isEqualTo("kafka:q-2@17");
    assertThat(read.attempt()).isEqualTo(3);
    assertThat(read.id()).isEqualTo(codec.decode(first, "c").id());
  }

  @Test
  void aDeadLetterSpeaksSpringToo() {
    byte[] key = {1, 2};
    byte[] value = {(byte) 0xFF, 0};
    ConsumerRecord<byte[], byte[]> record = received("q", key, value, headers("own", "x"));

    ProducerRecord<byte[], byte[]> dead =
        new DeadLetters(topics, "g")
            .of(
                record,
                "id",
                4,
                DeadReason.EXHAUSTED,
                new Failure("E", "m".repeat(5_000), "stack"),
                NOW);

    assertThat(dead.topic()).isEqualTo("q.g.dlq");
    assertThat(dead.key()).isSameAs(key);
    assertThat(dead.value()).isSameAs(value);
    assertThat(text(dead, "own")).isEqualTo("x");
    assertThat(text(dead, "jobs4j-reason")).isEqualTo("EXHAUSTED");
    assertThat(text(dead, "jobs4j-attempt")).isEqualTo("4");
    assertThat(text(dead, "jobs4j-error-class")).isEqualTo("E");
    assertThat(text(dead, "jobs4j-error-message")).hasSize(1_024);
    assertThat(text(dead, "jobs4j-original-topic")).isEqualTo("q");
    assertThat(text(dead, "jobs4j-original-partition")).isEqualTo("2");
    assertThat(text(dead, "jobs4j-original-offset")).isEqualTo("17");
    assertThat(text(dead, "jobs4j-original-timestamp")).isEqualTo("1234");
    assertThat(text(dead, "kafka_dlt-original-topic")).isEqualTo("q");
    assertThat(bytes(dead, "kafka_dlt-original-partition").getInt()).isEqualTo(2);
    assertThat(bytes(dead, "kafka_dlt-original-offset").getLong()).isEqualTo(17);
    assertThat(bytes(dead, "kafka_dlt-original-timestamp").getLong()).isEqualTo(1234);
    assertThat(text(dead, "kafka_dlt-original-timestamp-type")).isEqualTo("CreateTime");
    assertThat(text(dead, "kafka_dlt-original-consumer-group")).isEqualTo("g");
    assertThat(text(dead, "kafka_dlt-exception-fqcn")).isEqualTo("E");
  }

  private static String text(ProducerRecord<byte[], byte[]> record, String name) {
    return JobHeaders.text(record.headers(), name);
  }

  private static ByteBuffer bytes(ProducerRecord<byte[], byte[]> record, String name) {
    return ByteBuffer.wrap(record.headers().lastHeader(name).value());
  }
}
