package dev.jobs4j.transport.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Between jobs and records. The value is the payload as it is; all else is in headers, ours under
 * {@link JobHeaders}, those of the job under their own names, so that a trace is where every tool
 * looks for it.
 */
final class RecordCodec {

  /** How a payload is read when no header names its codec. */
  private static final String DEFAULT_CODEC = "json";

  private final TopicPlan topics;
  private final String groupId;

  RecordCodec(TopicPlan topics, String groupId) {
    this.topics = topics;
    this.groupId = groupId;
  }

  /**
   * A new job's record, without a key: order is not promised, and a key (a tenant, say) would pile
   * its jobs up in one partition.
   *
   * @throws InvalidJobException if it asks for what a topic cannot do
   */
  ProducerRecord<byte[], byte[]> encode(NewJob job, Instant now) {
    refuseWhatIsNotDeclared(job);
    Headers headers = new RecordHeaders();
    job.headers().forEach((name, value) -> JobHeaders.put(headers, name, value));
    JobHeaders.put(headers, JobHeaders.ID, job.id().toString());
    JobHeaders.put(headers, JobHeaders.TYPE, job.type());
    JobHeaders.put(headers, JobHeaders.TYPE_VERSION, Integer.toString(job.typeVersion()));
    JobHeaders.put(headers, JobHeaders.CODEC, job.payload().codec());
    JobHeaders.put(headers, JobHeaders.ATTEMPT, "1");
    if (job.maxAttempts() != null) {
      JobHeaders.put(headers, JobHeaders.MAX_ATTEMPTS, job.maxAttempts().toString());
    }
    if (job.tenant() != null) {
      JobHeaders.put(headers, JobHeaders.TENANT, job.tenant());
    }
    String topic = job.queue().name();
    Instant due = dueAt(job.due(), now);
    if (due.isAfter(now)) {
      topic = topics.retry(job.queue(), hold(headers, due, now));
    }
    return new ProducerRecord<byte[], byte[]>(topic, null, null, job.payload().bytes(), headers);
  }

  private static void refuseWhatIsNotDeclared(NewJob job) {
    String asked = null;
    if (job.uniqueKey() != null) {
      asked = "a unique key";
    } else if (!job.after().isEmpty()) {
      asked = "to wait for other jobs";
    } else if (job.priority() != Priority.NORMAL) {
      asked = "a priority";
    }
    if (asked != null) {
      throw new InvalidJobException(
          "Job "
              + job.id()
              + " asks for "
              + asked
              + ", which Kafka cannot do; use a queue that lives in a store: queue="
              + job.queue());
    }
    for (String name : job.headers().keySet()) {
      if (name.startsWith(JobHeaders.PREFIX) || name.startsWith(JobHeaders.SPRING_PREFIX)) {
        throw new InvalidJobException(
            "Job " + job.id() + " has a header of a reserved name, rename it: " + name);
      }
    }
  }

  private static Instant dueAt(Due due, Instant now) {
    if (due instanceof Due.At at) {
      return at.instant();
    }
    return plus(now, ((Due.In) due).delay());
  }

  /** Delays without end are cut to the last instant there is. */
  static Instant plus(Instant now, Duration delay) {
    try {
      return now.plus(delay);
    } catch (DateTimeException | ArithmeticException e) {
      return Instant.MAX;
    }
  }

  /** Notes when the job is due and how long its next topic keeps it; answers which tier that is. */
  private Duration hold(Headers headers, Instant due, Instant now) {
    Duration wait = due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO;
    Duration tier = topics.tier(wait);
    Instant until = tier.compareTo(wait) < 0 ? now.plus(tier) : due;
    JobHeaders.put(headers, JobHeaders.NOT_BEFORE, due.toString());
    JobHeaders.put(headers, JobHeaders.HOLD_UNTIL, until.toString());
    return tier;
  }

  /**
   * Reads a record; {@code clusterId} goes into the id of one that has none.
   *
   * @throws InvalidJobException if it is not a job; the message says what is wrong
   */
  Reading decode(ConsumerRecord<byte[], byte[]> record, String clusterId) {
    Headers headers = record.headers();
    String type = JobHeaders.text(headers, JobHeaders.TYPE);
    if (type == null || type.isEmpty()) {
      throw new InvalidJobException("The record has no header " + JobHeaders.TYPE);
    }
    String codec = JobHeaders.text(headers, JobHeaders.CODEC);
    byte[] value = record.value() == null ? new byte[0] : record.value();
    return new Reading(
        id(record, clusterId),
        type,
        number(headers, JobHeaders.TYPE_VERSION, 1),
        new Payload(codec == null ? DEFAULT_CODEC : codec, value),
        number(headers, JobHeaders.ATTEMPT, 1),
        headers.lastHeader(JobHeaders.MAX_ATTEMPTS) == null
            ? null
            : number(headers, JobHeaders.MAX_ATTEMPTS, 1),
        JobHeaders.text(headers, JobHeaders.TENANT),
        instant(headers, JobHeaders.NOT_BEFORE),
        ownHeaders(headers),
        origin(record));
  }

  /** The id in the header; else one that every delivery of this record to this group has. */
  private JobId id(ConsumerRecord<byte[], byte[]> record, String clusterId) {
    String text = JobHeaders.text(record.headers(), JobHeaders.ID);
    if (text != null) {
      return JobId.parse(text);
    }
    return originId(clusterId, record.topic(), record.partition(), record.offset(), groupId);
  }

  /** A UUID of version 5 over cluster, topic, partition, offset and group. */
  static JobId originId(String cluster, String topic, int partition, long offset, String group) {
    String name = cluster + "|" + topic + "|" + partition + "|" + offset + "|" + group;
    try {
      ByteBuffer hash =
          ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(name.getBytes(UTF_8)));
      long high = (hash.getLong() & ~0xF000L) | 0x5000L;
      long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new JobId(new UUID(high, low));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-1", e);
    }
  }

  /** Until when a record stays where it is; null, also when that cannot be read, is not at all. */
  @Nullable Instant holdUntil(ConsumerRecord<byte[], byte[]> record) {
    if (!topics.isRetry(record.topic())) {
      return null;
    }
    try {
      return instant(record.headers(), JobHeaders.HOLD_UNTIL);
    } catch (InvalidJobException e) {
      return null; // decode meets the same header, or does without it
    }
  }

  /** A copy for the retry topic of a job that runs again at {@code due}. */
  ProducerRecord<byte[], byte[]> later(
      ConsumerRecord<byte[], byte[]> record, Reading job, int attempt, Instant due, Instant now) {
    Headers headers = new RecordHeaders(record.headers());
    JobHeaders.put(headers, JobHeaders.ID, job.id().toString());
    JobHeaders.put(headers, JobHeaders.ATTEMPT, Integer.toString(attempt));
    DeadLetters.noteOrigin(headers, record);
    Duration tier = hold(headers, due, now);
    String topic = topics.retry(topics.queueOf(record.topic()), tier);
    return new ProducerRecord<>(topic, null, record.key(), record.value(), headers);
  }

  /** The headers that are not ours. */
  private static Map<String, String> ownHeaders(Headers headers) {
    Map<String, String> own = new HashMap<>();
    for (Header header : headers) {
      if (header.value() != null && !header.key().startsWith(JobHeaders.PREFIX)) {
        own.put(header.key(), new String(header.value(), UTF_8));
      }
    }
    return Map.copyOf(own);
  }

  private static String origin(ConsumerRecord<byte[], byte[]> record) {
    Headers headers = record.headers();
    String topic = JobHeaders.text(headers, JobHeaders.ORIGINAL_TOPIC);
    if (topic == null) {
      return "kafka:" + record.topic() + "-" + record.partition() + "@" + record.offset();
    }
    return "kafka:"
        + topic
        + "-"
        + JobHeaders.text(headers, JobHeaders.ORIGINAL_PARTITION)
        + "@"
        + JobHeaders.text(headers, JobHeaders.ORIGINAL_OFFSET);
  }

  private static int number(Headers headers, String name, int absent) {
    String text = JobHeaders.text(headers, name);
    if (text == null) {
      return absent;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new InvalidJobException(notANumber(name, text), e);
    }
    throw new InvalidJobException(notANumber(name, text));
  }

  private static String notANumber(String name, String text) {
    return "Header " + name + " must be a number >= 1, was \"" + text + "\"";
  }

  private static @Nullable Instant instant(Headers headers, String name) {
    String text = JobHeaders.text(headers, name);
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new InvalidJobException(
          "Header " + name + " must be an ISO-8601 instant, was \"" + text + "\"", e);
    }
  }
}
