package dev.jobs4j.store.jdbc;

import dev.jobs4j.tck.JobStoreContract;
import dev.jobs4j.tck.StoreFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The whole contract on MariaDB, by the driver of MariaDB. */
class MariaDbStoreTest extends JobStoreContract {

  private static StoreFixture fixture;

  @BeforeAll
  static void openDatabase() {
    MySqlDriver.MARIADB.requireServer(MariaDbStoreTest.class);
    fixture = DatabaseFixture.mySql(MySqlDriver.MARIADB, Databases.unusedTables().build());
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
