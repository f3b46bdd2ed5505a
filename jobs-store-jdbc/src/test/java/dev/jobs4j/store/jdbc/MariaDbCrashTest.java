package dev.jobs4j.store.jdbc;

import dev.jobs4j.tck.CrashContract;
import dev.jobs4j.tck.EngineFixture;
import org.junit.jupiter.api.BeforeAll;

/** A worker JVM on MariaDB is killed with -9. */
class MariaDbCrashTest extends CrashContract {

  private static EngineFixture fixture;

  @BeforeAll
  static void findServer() {
    MySqlDriver.MARIADB.requireServer(MariaDbCrashTest.class);
    fixture = DatabaseEngineFixture.mySql(MySqlDriver.MARIADB);
  }

  @Override
  protected EngineFixture fixture() {
    return fixture;
  }
}
