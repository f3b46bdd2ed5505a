package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A dead letter and what follows it are there together or not at all. */
class BurialsTest {

  private static final Outcome DEAD =
      new Outcome.Dead(DeadReason.REJECTED, new Failure("java.io.IOException", "no", ""));

  private HikariDataSource pool;
  private JdbcJobStore store;

  @BeforeEach
  void openStore() {
    pool = Databases.H2.open();
    store = JdbcJobStore.of(pool);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private LeasedJob running() {
    Steps.insert(store);
    return Steps.claim(store, 1).get(0);
  }

  @Test
  void aLetterWhoseFollowerCannotBeWrittenIsNotMadeEither() {
    LeasedJob job = running();
    JobId unknown = new JobId(UUID.randomUUID());
    JobStore failing = store.following((letter, token) -> List.of(Steps.after(unknown)));

    assertThatThrownBy(() -> Steps.settle(failing, job, DEAD))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("not known");

    assertThat(store.records().find(job.id()).orElseThrow().state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void whatIsTooLargeWithThePayloadGoesWithoutIt() {
    LeasedJob job = running();
    NewJob small = Steps.job();
    NewJob large = Steps.job().toBuilder().tenant("t".repeat(200)).build();
    JobStore following =
        store.following((letter, token) -> List.of(letter.payload().length > 0 ? large : small));

    assertThat(Steps.settle(following, job, DEAD)).isEmpty();

    assertThat(Steps.claim(store, 10)).extracting(LeasedJob::id).containsExactly(small.id());
    assertThat(store.records().letters().find(job.id()).orElseThrow().payload()).isNotEmpty();
  }

  @Test
  void whoClosesTheViewClosesTheStore() {
    JobStore view = store.following((letter, token) -> List.of());
    assertThat(store.renew(Steps.engine(view))).isPresent();

    view.close();
    store.close();

    assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
  }
}
