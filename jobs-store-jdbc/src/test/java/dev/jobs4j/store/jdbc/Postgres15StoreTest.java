package dev.jobs4j.store.jdbc;

import dev.jobs4j.tck.JobStoreContract;
import dev.jobs4j.tck.StoreFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The whole contract on PostgreSQL 15. */
class Postgres15StoreTest extends JobStoreContract {

  private static StoreFixture fixture;

  @BeforeAll
  static void openDatabase() {
    fixture =
        DatabaseFixture.postgres(
            PostgresServer.V15, JdbcStoreOptions.builder().tablePrefix("tck_").build());
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
