package dev.jobs4j.store.mongo;

import dev.jobs4j.tck.EngineContract;
import dev.jobs4j.tck.EngineFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The engine on a real MongoDB, where one is named. */
class RealMongoEngineTest extends EngineContract {

  private static MongoEngineFixture fixture;

  @BeforeAll
  static void start() {
    fixture = new MongoEngineFixture(MongoServers.realFor(RealMongoEngineTest.class));
  }

  @AfterAll
  static void stop() {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Override
  protected EngineFixture fixture() {
    return fixture;
  }
}
