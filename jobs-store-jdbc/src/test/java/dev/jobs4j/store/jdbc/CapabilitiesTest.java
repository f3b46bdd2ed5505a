package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.spi.Capability;
import java.util.EnumSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of features has one column for all of them. */
class CapabilitiesTest {

  @ParameterizedTest
  @EnumSource(Databases.class)
  void allDatabasesDeclareTheSame(Databases database) {
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());

      assertThat(store.capabilities())
          .as("without another copy of the database")
          .isEqualTo(EnumSet.complementOf(EnumSet.of(Capability.MAJORITY)));
    }
  }
}
