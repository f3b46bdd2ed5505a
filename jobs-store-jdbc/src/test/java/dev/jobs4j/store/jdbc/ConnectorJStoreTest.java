package dev.jobs4j.store.jdbc;

import dev.jobs4j.tck.JobStoreContract;
import dev.jobs4j.tck.StoreFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The whole contract on MariaDB, by the driver of MySQL. */
@Tag("once")
class ConnectorJStoreTest extends JobStoreContract {

  private static StoreFixture fixture;

  @BeforeAll
  static void openDatabase() {
    MySqlDriver.CONNECTOR_J.requireServer(ConnectorJStoreTest.class);
    fixture = DatabaseFixture.mySql(MySqlDriver.CONNECTOR_J, Databases.unusedTables().build());
  }

  @AfterAll
  static void closeDatabase() {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Override
  protected StoreFixture fixture() {
    return fixture;
  }
}
