package dev.jobs4j.store.mongo;

import dev.jobs4j.tck.JobStoreContract;
import dev.jobs4j.tck.StoreFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a real MongoDB, where one is named. */
class RealMongoJobStoreContractTest extends JobStoreContract {

  private static MongoFixture fixture;

  @BeforeAll
  static void start() {
    fixture = new MongoFixture(MongoServers.realFor(RealMongoJobStoreContractTest.class));
  }

  @AfterAll
  static void stop() {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Override
  protected StoreFixture fixture() {
    return fixture;
  }
}
