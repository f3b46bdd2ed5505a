package dev.jobs4j.transport.amqp;

import dev.jobs4j.tck.EngineContract;
import dev.jobs4j.tck.EngineFixture;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.QueueKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The engine's contract on queues of one node. */
class AmqpEngineTest extends EngineContract {

  private static AmqpFixture fixture;

  @BeforeAll
  static void open() {
    fixture = new AmqpFixture(QueueKind.CLASSIC);
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
