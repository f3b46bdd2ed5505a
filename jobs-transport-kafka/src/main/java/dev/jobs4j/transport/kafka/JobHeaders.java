package dev.jobs4j.transport.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The record headers that are ours. Their values are UTF-8 text, instants in ISO-8601. */
final class JobHeaders {
  static final String PREFIX = "jobs4j-";

  static final String ID = "jobs4j-id";
  static final String TYPE = "jobs4j-type";
  static final String TYPE_VERSION = "jobs4j-type-version";
  static final String CODEC = "jobs4j-codec";

  /** The number of the attempt that the next delivery is; absent means 1. */
  static final String ATTEMPT = "jobs4j-attempt";

  static final String MAX_ATTEMPTS = "jobs4j-max-attempts";
  static final String TENANT = "jobs4j-tenant";

  /** When the job is due; absent means at once. */
  static final String NOT_BEFORE = "jobs4j-not-before";

  /** Until when a record keeps its place in a retry topic; then it runs or moves on. */
  static final String HOLD_UNTIL = "jobs4j-hold-until";

  static final String ORIGINAL_TOPIC = "jobs4j-original-topic";
  static final String ORIGINAL_PARTITION = "jobs4j-original-partition";
  static final String ORIGINAL_OFFSET = "jobs4j-original-offset";
  static final String ORIGINAL_TIMESTAMP = "jobs4j-original-timestamp";
  static final String ORIGINAL_TIMESTAMP_TYPE = "jobs4j-original-timestamp-type";

  static final String GROUP = "jobs4j-group";
  static final String REASON = "jobs4j-reason";
  static final String ERROR_CLASS = "jobs4j-error-class";
  static final String ERROR_MESSAGE = "jobs4j-error-message";
  static final String FIRST_FAILURE_AT = "jobs4j-first-failure-at";
  static final String LAST_FAILURE_AT = "jobs4j-last-failure-at";

  /** What tools made for Spring's dead-letter topics look for; numbers there are binary. */
  static final String SPRING_PREFIX = "kafka_dlt-";

  private JobHeaders() {}

  static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Sets a header, instead of any of that name. */
  static void put(Headers headers, String name, String value) {
    put(headers, name, value.getBytes(StandardCharsets.UTF_8));
  }

  static void put(Headers headers, String name, byte[] value) {
    headers.remove(name);
    headers.add(name, value);
  }

  static void putIfAbsent(Headers headers, String name, String value) {
    if (headers.lastHeader(name) == null) {
      put(headers, name, value);
    }
  }
}
