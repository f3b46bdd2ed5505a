package dev.jobs4j.store.mongo;

import dev.jobs4j.tck.CrashContract;
import dev.jobs4j.tck.EngineFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A worker JVM is killed; the server, the stand-in in this JVM too, outlives it. */
class MongoCrashTest extends CrashContract {

  private static MongoEngineFixture fixture;

  @BeforeAll
  static void start() {
    fixture = new MongoEngineFixture();
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
