package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.ReapRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Suspects have places of their own in each line, and still only one is given at a time. */
class SuspectClaimTest {

  @ParameterizedTest
  @EnumSource
  void aClaimTakesOneSuspectWhateverThePrioritiesOfTheOthers(Databases database) throws Exception {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      for (Priority level : Priority.values()) {
        store.insert(List.of(Steps.job().toBuilder().priority(level).build()));
      }
      EngineId dies = Steps.engine(store, Duration.ofMillis(1));
      assertThat(store.claim(Steps.claimOf(dies, 10))).hasSize(5);
      while (store.reap(new ReapRequest(Duration.ZERO, 10, 3)).returned().isEmpty()) {
        Thread.onSpinWait(); // until its lease is over
      }
      Steps.insert(store);

      List<LeasedJob> claimed = Steps.claim(store, 10);

      assertThat(claimed).hasSize(2);
      assertThat(claimed).filteredOn(LeasedJob::suspect).hasSize(1);
    }
  }
}
