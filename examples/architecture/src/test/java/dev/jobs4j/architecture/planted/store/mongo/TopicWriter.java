package dev.jobs4j.architecture.planted.store.mongo;

import dev.jobs4j.architecture.planted.transport.kafka.KafkaJobTransport;
import org.jspecify.annotations.Nullable;

class TopicWriter {
  static final String VIOLATES = "3c";

  @Nullable KafkaJobTransport field;
}
