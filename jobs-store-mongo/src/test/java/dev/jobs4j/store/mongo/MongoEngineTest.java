package dev.jobs4j.store.mongo;

import dev.jobs4j.tck.EngineContract;
import dev.jobs4j.tck.EngineFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The engine on the stand-in of MongoDB. */
class MongoEngineTest extends EngineContract {

  private static MongoEngineFixture fixture;

  @BeforeAll
  static void start() {
    fixture = new MongoEngineFixture(MongoServers.standIn());
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Override
  protected EngineFixture fixture() {
    return fixture;
  }
}
