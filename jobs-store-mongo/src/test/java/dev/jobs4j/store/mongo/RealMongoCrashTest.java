package dev.jobs4j.store.mongo;

import dev.jobs4j.tck.CrashContract;
import dev.jobs4j.tck.EngineFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A worker JVM is killed; a real MongoDB, where one is named, outlives it. */
class RealMongoCrashTest extends CrashContract {

  private static MongoEngineFixture fixture;

  @BeforeAll
  static void start() {
    fixture = new MongoEngineFixture(MongoServers.realFor(RealMongoCrashTest.class));
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
