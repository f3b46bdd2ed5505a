package dev.jobs4j.transport.kafka;

import dev.jobs4j.tck.EngineContract;
import dev.jobs4j.tck.EngineFixture;

/** The engine over Kafka, DIRECT. */
class KafkaEngineTest extends EngineContract {

  private static final EngineFixture FIXTURE = new KafkaFixture(2);

  @Override
  protected EngineFixture fixture() {
    return FIXTURE;
  }
}
