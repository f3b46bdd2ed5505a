package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.LeasedJob;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** H2 is often told to act as another database. */
class H2ModesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH",
        ";MODE=MySQL",
        ";MODE=MariaDB;DATABASE_TO_UPPER=FALSE",
        ";CASE_INSENSITIVE_IDENTIFIERS=TRUE"
      })
  void aJobTravelsWhateverH2Acts(String mode) {
    String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" + mode;
    try (HikariDataSource pool = Pools.of(url)) {
      JdbcJobStore store = JdbcJobStore.of(pool);
      JobId id = Steps.insert(store);

      LeasedJob job = Steps.claim(store, 10).get(0);
      assertThat(Steps.settle(store, job, Steps.succeeded())).isEmpty();

      assertThat(store.records().find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(store.records().count(Steps.QUEUE)).containsEntry(JobState.SUCCEEDED, 1L);
    }
  }
}
