package dev.jobs4j.store.jdbc;

import dev.jobs4j.tck.EngineContract;
import dev.jobs4j.tck.EngineFixture;
import org.junit.jupiter.api.BeforeAll;

/** A whole engine on MariaDB. */
class MariaDbEngineTest extends EngineContract {

  private static EngineFixture fixture;

  @BeforeAll
  static void findServer() {
    MySqlDriver.MARIADB.requireServer(MariaDbEngineTest.class);
    fixture = DatabaseEngineFixture.mySql(MySqlDriver.MARIADB);
  }

  @Override
  protected EngineFixture fixture() {
    return fixture;
  }
}
