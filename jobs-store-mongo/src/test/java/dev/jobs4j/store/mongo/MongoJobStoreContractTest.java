package dev.jobs4j.store.mongo;

import dev.jobs4j.tck.JobStoreContract;
import dev.jobs4j.tck.StoreFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on the stand-in of MongoDB. */
class MongoJobStoreContractTest extends JobStoreContract {

  private static MongoFixture fixture;

  @BeforeAll
  static void start() {
    fixture = new MongoFixture(MongoServers.standIn());
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Override
  protected StoreFixture fixture() {
    return fixture;
  }
}
