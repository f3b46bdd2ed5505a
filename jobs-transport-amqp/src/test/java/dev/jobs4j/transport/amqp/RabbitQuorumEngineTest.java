package dev.jobs4j.transport.amqp;

import dev.jobs4j.tck.EngineContract;
import dev.jobs4j.tck.EngineFixture;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.QueueKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The engine's contract on replicated queues. */
class RabbitQuorumEngineTest extends EngineContract {

  private static AmqpFixture fixture;

  @BeforeAll
  static void open() {
    AmqpBroker.get().needsRabbit(RabbitQuorumEngineTest.class, "has no quorum queues");
    fixture = new AmqpFixture(QueueKind.QUORUM);
  }

  @AfterAll
  static void close() {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Override
  protected EngineFixture fixture() {
    return fixture;
  }
}
