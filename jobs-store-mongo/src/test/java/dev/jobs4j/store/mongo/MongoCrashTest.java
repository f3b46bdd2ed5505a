package dev.jobs4j.store.mongo;

import dev.jobs4j.tck.CrashContract;
import dev.jobs4j.tck.EngineFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A worker JVM is killed; the stand-in of MongoDB, in this JVM, outlives it. */
class MongoCrashTest extends CrashContract {

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
