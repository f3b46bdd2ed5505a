package dev.jobs4j.transport.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Writes dead letters: key and value are the original bytes, and headers tell why, after how many
 * attempts and where the record came from, in our words and in those of Spring Kafka's tools.
 */
final class DeadLetters {

  /** Enough to know the error by; a record must still fit its topic. */
  private static final int MAX_MESSAGE = 1_024;

  private final TopicPlan topics;
  private final String groupId;

  DeadLetters(TopicPlan topics, String groupId) {
    this.topics = topics;
    this.groupId = groupId;
  }

  String groupId() {
    return groupId;
  }

  ProducerRecord<byte[], byte[]> of(
      ConsumerRecord<byte[], byte[]> record,
      String jobId,
      int attempt,
      DeadReason reason,
      Failure failure,
      Instant now) {
    Headers headers = new RecordHeaders(record.headers());
    headers.remove(JobHeaders.NOT_BEFORE);
    headers.remove(JobHeaders.HOLD_UNTIL);
    JobHeaders.putIfAbsent(headers, JobHeaders.ID, jobId);
    JobHeaders.put(headers, JobHeaders.ATTEMPT, Integer.toString(attempt));
    JobHeaders.put(headers, JobHeaders.GROUP, groupId);
    JobHeaders.put(headers, JobHeaders.REASON, reason.name());
    noteOrigin(headers, record);
    noteFailure(headers, failure, now);
    noteForSpring(headers, record, failure);
    String topic = topics.deadLetters(topics.queueOf(record.topic()));
    return new ProducerRecord<>(topic, null, record.key(), record.value(), headers);
  }

  /** Where the job was first; a copy of a copy keeps what the first one noted. */
  static void noteOrigin(Headers headers, ConsumerRecord<byte[], byte[]> record) {
    if (headers.lastHeader(JobHeaders.ORIGINAL_TOPIC) != null) {
      return;
    }
    JobHeaders.put(headers, JobHeaders.ORIGINAL_TOPIC, record.topic());
    JobHeaders.put(headers, JobHeaders.ORIGINAL_PARTITION, Integer.toString(record.partition()));
    JobHeaders.put(headers, JobHeaders.ORIGINAL_OFFSET, Long.toString(record.offset()));
    JobHeaders.put(headers, JobHeaders.ORIGINAL_TIMESTAMP, Long.toString(record.timestamp()));
    JobHeaders.put(headers, JobHeaders.ORIGINAL_TIMESTAMP_TYPE, record.timestampType().toString());
  }

  static void noteFailure(Headers headers, Failure failure, Instant now) {
    JobHeaders.put(headers, JobHeaders.ERROR_CLASS, failure.errorClass());
    JobHeaders.put(headers, JobHeaders.ERROR_MESSAGE, cut(failure.message()));
    JobHeaders.putIfAbsent(headers, JobHeaders.FIRST_FAILURE_AT, now.toString());
    JobHeaders.put(headers, JobHeaders.LAST_FAILURE_AT, now.toString());
  }

  private void noteForSpring(
      Headers headers, ConsumerRecord<byte[], byte[]> record, Failure failure) {
    String topic = JobHeaders.text(headers, JobHeaders.ORIGINAL_TOPIC);
    spring(headers, "original-topic", (topic == null ? record.topic() : topic).getBytes(UTF_8));
    spring(
        headers,
        "original-partition",
        bytes((int) number(headers, JobHeaders.ORIGINAL_PARTITION, record.partition())));
    spring(
        headers,
        "original-offset",
        bytes(number(headers, JobHeaders.ORIGINAL_OFFSET, record.offset())));
    spring(
        headers,
        "original-timestamp",
        bytes(number(headers, JobHeaders.ORIGINAL_TIMESTAMP, record.timestamp())));
    String kind = JobHeaders.text(headers, JobHeaders.ORIGINAL_TIMESTAMP_TYPE);
    spring(
        headers,
        "original-timestamp-type",
        (kind == null ? record.timestampType().toString() : kind).getBytes(UTF_8));
    spring(headers, "original-consumer-group", groupId.getBytes(UTF_8));
    spring(headers, "exception-fqcn", failure.errorClass().getBytes(UTF_8));
    spring(headers, "exception-message", cut(failure.message()).getBytes(UTF_8));
  }

  private static void spring(Headers headers, String name, byte[] value) {
    JobHeaders.put(headers, JobHeaders.SPRING_PREFIX + name, value);
  }

  private static byte[] bytes(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  private static byte[] bytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  /** A header of a foreign producer may hold anything; what is no number is not believed. */
  private static long number(Headers headers, String name, long otherwise) {
    String text = JobHeaders.text(headers, name);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** By code point, so that a pair is never cut. */
  private static String cut(String message) {
    if (message.length() <= MAX_MESSAGE) {
      return message;
    }
    int end = Character.isHighSurrogate(message.charAt(MAX_MESSAGE - 1)) ? 1 : 0;
    return message.substring(0, MAX_MESSAGE - end);
  }
}
