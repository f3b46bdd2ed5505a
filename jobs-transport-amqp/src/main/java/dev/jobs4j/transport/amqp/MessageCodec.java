package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.LongString;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Jobs on the wire: the body is the payload and nothing else; what we say about it is in headers
 * {@code jobs4j-*} that any language can read and write; other headers are the job's own. A message
 * without our headers is a job if its AMQP {@code type} names one.
 */
final class MessageCodec {

  static final String PREFIX = "jobs4j-";
  static final String ID = PREFIX + "id";
  static final String TYPE = PREFIX + "type";
  static final String TYPE_VERSION = PREFIX + "type-version";
  static final String CODEC = PREFIX + "codec";

  /** The number of the attempt that this message is for, from 1. */
  static final String ATTEMPT = PREFIX + "attempt";

  static final String MAX_ATTEMPTS = PREFIX + "max-attempts";
  static final String TENANT = PREFIX + "tenant";

  /** When the job may start, ISO-8601. */
  static final String NOT_BEFORE = PREFIX + "not-before";

  /** When this step of waiting ends, ISO-8601: at most its tier after it was published. */
  static final String HOLD_UNTIL = PREFIX + "hold-until";

  static final String REASON = PREFIX + "reason";
  static final String FAILED_AT = PREFIX + "last-failure-at";
  static final String ERROR_CLASS = PREFIX + "error-class";
  static final String ERROR_MESSAGE = PREFIX + "error-message";

  /** The queue a dead letter comes from, and its delivery there. */
  static final String ORIGINAL_QUEUE = PREFIX + "original-queue";

  static final String ORIGINAL_DELIVERY = PREFIX + "original-delivery";

  private static final int MAX_ERROR_MESSAGE = 1_024;

  /** All headers of a message must fit one frame of 128 KiB; a dead letter adds a few. */
  private static final int MAX_HEADERS = 64 * 1_024;

  /** The broker counts returns in here, on quorum queues. */
  private static final String DELIVERY_COUNT = "x-delivery-count";

  /**
   * What belongs to one copy's way through the broker: CC and BCC would send our copies elsewhere
   * too, and an old x-death makes the broker see a dead-letter cycle and drop the message.
   */
  private static final Set<String> OF_ONE_COPY =
      Set.of("CC", "BCC", DELIVERY_COUNT, "x-acquired-count", "x-death");

  private static final Set<String> DEATH_NOTES = Set.of("x-first-death-", "x-last-death-");

  private final AmqpTopology topology;

  MessageCodec(AmqpTopology topology) {
    this.topology = topology;
  }

  /** A message that cannot be a job, and why. */
  static final class UndecodableException extends InvalidJobException {
    private static final long serialVersionUID = 1L;

    UndecodableException(String message) {
      super(message);
    }
  }

  /**
   * A new job's message.
   *
   * @throws InvalidJobException if a header of the job has a reserved name or is too large
   */
  Outgoing encode(NewJob job, Instant now) {
    checkHeaders(job);
    Map<String, Object> headers = new HashMap<>(job.headers());
    describe(headers, job.id(), job.type(), job.typeVersion(), job.payload().codec());
    headers.put(ATTEMPT, 1);
    if (job.maxAttempts() != null) {
      headers.put(MAX_ATTEMPTS, job.maxAttempts());
    }
    if (job.tenant() != null) {
      headers.put(TENANT, job.tenant());
    }
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder()
            .messageId(job.id().toString())
            .type(job.type())
            .contentType(contentType(job.payload().codec()))
            .build();
    return route(properties, headers, job.payload().bytes(), job.queue(), start(job, now), now);
  }

  private static void checkHeaders(NewJob job) {
    int size = 0;
    for (Map.Entry<String, String> header : job.headers().entrySet()) {
      int name = header.getKey().getBytes(StandardCharsets.UTF_8).length;
      if (isReserved(header.getKey()) || name > 255) {
        throw new InvalidJobException(
            "Header \"" + header.getKey() + "\" of job " + job.id() + " is reserved or too long");
      }
      size += name + header.getValue().getBytes(StandardCharsets.UTF_8).length;
    }
    if (size > MAX_HEADERS) {
      throw new InvalidJobException(
          "Headers of job " + job.id() + " have " + size + " bytes, at most " + MAX_HEADERS);
    }
  }

  private static Instant start(NewJob job, Instant now) {
    if (job.due() instanceof Due.In in) {
      return now.plus(in.delay());
    }
    return ((Due.At) job.due()).instant();
  }

  /** The message of a later attempt of the same job. */
  Outgoing again(Delivery.Ready ready, int attempt, Duration delay, Instant now) {
    Map<String, Object> headers = copied(ready);
    headers.put(ATTEMPT, attempt);
    Delivery delivery = ready.delivery();
    return route(
        delivery.properties(), headers, delivery.body(), delivery.queue(), now.plus(delay), now);
  }

  /** From a retry queue to where the job goes next: its own queue, or another step of waiting. */
  Outgoing onward(Delivery waiting, Instant now) {
    return route(
        waiting.properties(),
        copied(waiting),
        waiting.body(),
        waiting.queue(),
        instant(waiting.headers().get(NOT_BEFORE), now),
        now);
  }

  /** When the wait of a message from a retry queue ends; at once if it does not say. */
  Instant holdUntil(Delivery waiting, Instant now) {
    return instant(waiting.headers().get(HOLD_UNTIL), now);
  }

  /** The dead letter of a job. */
  Outgoing deadLetter(Delivery.Ready ready, DeadReason reason, Failure failure, Instant now) {
    Map<String, Object> headers = copied(ready);
    headers.put(ATTEMPT, ready.job().attempt());
    return deadLetter(ready.delivery(), headers, ready.lease(), reason, failure, now);
  }

  /** The dead letter of a message that is no job. */
  Outgoing deadLetter(Delivery delivery, InvalidJobException problem, Instant now) {
    return deadLetter(
        delivery, copied(delivery), delivery.lease(), DeadReason.DECODE, Failure.of(problem), now);
  }

  private static Outgoing deadLetter(
      Delivery delivery,
      Map<String, Object> headers,
      AmqpLease lease,
      DeadReason reason,
      Failure failure,
      Instant now) {
    headers.remove(NOT_BEFORE);
    headers.remove(HOLD_UNTIL);
    headers.put(REASON, reason.name());
    headers.put(FAILED_AT, now.toString());
    headers.put(ERROR_CLASS, failure.errorClass());
    headers.put(ERROR_MESSAGE, cut(failure.message()));
    headers.put(ORIGINAL_QUEUE, delivery.queue().name());
    headers.put(ORIGINAL_DELIVERY, lease.toString());
    return new Outgoing(
        AmqpTopology.deadLetters(delivery.queue()),
        durable(delivery.properties(), headers),
        delivery.body());
  }

  /** By code point: a header is UTF-8. */
  private static String cut(String message) {
    return message.length() <= MAX_ERROR_MESSAGE
        ? message
        : message.substring(0, message.offsetByCodePoints(0, MAX_ERROR_MESSAGE / 2));
  }

  private Outgoing route(
      AMQP.BasicProperties properties,
      Map<String, Object> headers,
      byte[] body,
      JobQueue queue,
      Instant start,
      Instant now) {
    headers.remove(NOT_BEFORE);
    headers.remove(HOLD_UNTIL);
    if (!start.isAfter(now)) {
      return new Outgoing(queue.name(), durable(properties, headers), body);
    }
    Duration delay = Duration.between(now, start);
    Duration tier = topology.tierFor(delay);
    headers.put(NOT_BEFORE, start.toString());
    headers.put(HOLD_UNTIL, now.plus(tier.compareTo(delay) < 0 ? tier : delay).toString());
    return new Outgoing(AmqpTopology.retry(queue, tier), durable(properties, headers), body);
  }

  /** An old expiration would let the copy vanish, an old user id would have it refused. */
  private static AMQP.BasicProperties durable(
      AMQP.BasicProperties properties, Map<String, Object> headers) {
    return properties
        .builder()
        .headers(headers)
        .deliveryMode(2)
        .expiration(null)
        .userId(null)
        .build();
  }

  private static Map<String, Object> copied(Delivery.Ready ready) {
    Map<String, Object> headers = copied(ready.delivery());
    LeasedJob job = ready.job();
    // A message that came without our headers keeps the name it was given here.
    describe(headers, job.id(), job.type(), job.typeVersion(), job.payload().codec());
    return headers;
  }

  private static Map<String, Object> copied(Delivery delivery) {
    Map<String, Object> headers = new HashMap<>(delivery.headers());
    headers.keySet().removeIf(MessageCodec::isOfOneCopy);
    return headers;
  }

  private static void describe(
      Map<String, Object> headers, JobId id, String type, int typeVersion, String codec) {
    headers.put(ID, id.toString());
    headers.put(TYPE, type);
    headers.put(TYPE_VERSION, typeVersion);
    headers.put(CODEC, codec);
  }

  private static boolean isOfOneCopy(String name) {
    return OF_ONE_COPY.contains(name) || DEATH_NOTES.stream().anyMatch(name::startsWith);
  }

  private static boolean isReserved(String name) {
    return name.startsWith(PREFIX) || isOfOneCopy(name);
  }

  /**
   * The job in a message.
   *
   * @throws UndecodableException if there is none
   */
  LeasedJob decode(Delivery delivery) {
    Map<String, Object> headers = delivery.headers();
    AMQP.BasicProperties properties = delivery.properties();
    String type = text(headers.get(TYPE), properties.getType());
    if (type == null || type.isEmpty()) {
      throw new UndecodableException(
          "Message names no job type: neither header " + TYPE + " nor the AMQP property \"type\"");
    }
    AmqpLease lease = delivery.lease();
    Map<String, String> own = new HashMap<>();
    headers.forEach(
        (name, value) -> {
          if (!isReserved(name)
              && (value instanceof CharSequence
                  || value instanceof LongString
                  || value instanceof Number
                  || value instanceof Boolean)) {
            own.put(name, value.toString());
          }
        });
    return new LeasedJob(
        lease,
        id(delivery),
        type,
        positive(headers, TYPE_VERSION, 1),
        delivery.queue(),
        new Payload(codec(text(headers.get(CODEC), null), properties), delivery.body()),
        positive(headers, ATTEMPT, 1),
        headers.containsKey(MAX_ATTEMPTS) ? (Integer) positive(headers, MAX_ATTEMPTS, 1) : null,
        OptionalLong.empty(),
        cameBackBefore(headers),
        Duration.ZERO,
        text(headers.get(TENANT), null),
        Set.of(),
        Map.copyOf(own),
        lease.toString());
  }

  /**
   * Twice given back is a hint that it takes engines down; once is what each restart and each lost
   * connection does to everything in flight. Only quorum queues count.
   */
  private static boolean cameBackBefore(Map<String, Object> headers) {
    return headers.get(DELIVERY_COUNT) instanceof Number count && count.longValue() >= 2;
  }

  /** Ours, or made from what the message is, so that a redelivery has the same. */
  private static JobId id(Delivery delivery) {
    String given = text(delivery.headers().get(ID), null);
    if (given != null) {
      try {
        return JobId.parse(given);
      } catch (InvalidJobException e) {
        throw new UndecodableException("Header " + ID + ": " + e.getMessage());
      }
    }
    byte[] queue = ("amqp:" + delivery.queue() + ":").getBytes(StandardCharsets.UTF_8);
    String messageId = delivery.properties().getMessageId();
    byte[] rest = messageId == null ? delivery.body() : messageId.getBytes(StandardCharsets.UTF_8);
    byte[] name = ByteBuffer.allocate(queue.length + rest.length).put(queue).put(rest).array();
    return new JobId(UUID.nameUUIDFromBytes(name));
  }

  private static String codec(@Nullable String header, AMQP.BasicProperties properties) {
    if (header != null) {
      return header;
    }
    String contentType = properties.getContentType();
    return contentType == null || contentType.contains("json") ? "json" : "bytes";
  }

  private static String contentType(String codec) {
    return codec.equals("json") ? "application/json" : "application/octet-stream";
  }

  private static int positive(Map<String, Object> headers, String name, int otherwise) {
    Object value = headers.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value.toString());
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below, in the same words
    }
    throw new UndecodableException("Header " + name + " must be a number >= 1, was " + value);
  }

  private static @Nullable String text(@Nullable Object header, @Nullable String otherwise) {
    return header == null ? otherwise : header.toString();
  }

  private static Instant instant(@Nullable Object header, Instant otherwise) {
    try {
      return header == null ? otherwise : Instant.parse(header.toString());
    } catch (DateTimeParseException e) {
      return otherwise;
    }
  }
}
