package dev.jobs4j.architecture.planted.transport.amqp;

import dev.jobs4j.architecture.planted.transport.kafka.KafkaJobTransport;
import org.jspecify.annotations.Nullable;

class KafkaBorrower {
  static final String VIOLATES = "3b";

  @Nullable KafkaJobTransport field;
}
