package dev.jobs4j.store.jdbc;

import dev.jobs4j.tck.JobStoreContract;
import dev.jobs4j.tck.StoreFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The whole contract on H2 in a file. */
class H2FileStoreTest extends JobStoreContract {

  @TempDir static Path folder;
  private static StoreFixture fixture;

  @BeforeAll
  static void openDatabase() {
    fixture =
        DatabaseFixture.h2(
            "H2 " + org.h2.engine.Constants.VERSION + " file",
            "jdbc:h2:file:" + folder.toAbsolutePath().resolve("tck"),
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
