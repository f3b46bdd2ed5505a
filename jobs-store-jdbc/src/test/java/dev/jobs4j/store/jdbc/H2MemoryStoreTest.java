package dev.jobs4j.store.jdbc;

import dev.jobs4j.tck.JobStoreContract;
import dev.jobs4j.tck.StoreFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The whole contract on H2 in memory. */
class H2MemoryStoreTest extends JobStoreContract {

  private static StoreFixture fixture;

  @BeforeAll
  static void openDatabase() {
    fixture =
        DatabaseFixture.h2(
            "H2 " + org.h2.engine.Constants.VERSION + " memory",
            "jdbc:h2:mem:tck;DB_CLOSE_DELAY=-1",
            JdbcStoreOptions.defaults());
  }

  @AfterAll
  static void closeDatabase() {
    fixture.close();
  }

  @Override
  protected StoreFixture fixture() {
    return fixture;
  }
}
