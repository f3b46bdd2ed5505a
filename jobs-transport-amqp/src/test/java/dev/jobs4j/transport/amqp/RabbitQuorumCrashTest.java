package dev.jobs4j.transport.amqp;

import dev.jobs4j.tck.CrashContract;
import dev.jobs4j.tck.EngineFixture;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.QueueKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A killed worker's jobs come back from a replicated queue. */
class RabbitQuorumCrashTest extends CrashContract {

  private static AmqpFixture fixture;

  @BeforeAll
  static void open() {
    AmqpBroker.get().needsRabbit(RabbitQuorumCrashTest.class, "has no quorum queues");
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
