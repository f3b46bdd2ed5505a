package dev.jobs4j.store.jdbc;

import dev.jobs4j.tck.JobStoreContract;
import dev.jobs4j.tck.StoreFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The whole contract on PostgreSQL 18. */
@Tag("once")
class Postgres18StoreTest extends JobStoreContract {

  private static StoreFixture fixture;

  @BeforeAll
  static void openDatabase() {
    fixture =
        DatabaseFixture.postgres(
            PostgresServer.V18, JdbcStoreOptions.builder().tablePrefix("tck_").build());
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
