package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.TokenLease;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.History;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.SchemaMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a batch of outcomes does to the tables. */
class SettleBatchTest {

  private static final Outcome BAD =
      new Outcome.Succeeded(new Payload("a codec of more than 20 characters", new byte[0]));

  private static List<LeasedJob> running(JdbcJobStore store, int count) {
    for (int i = 0; i < count; i++) {
      Steps.insert(store);
    }
    return Steps.claim(store, count);
  }

  @ParameterizedTest
  @EnumSource
  void anOutcomeThatCannotBeWrittenIsNamedAndDoesNotHoldUpTheOthers(Databases database) {
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      List<LeasedJob> jobs = running(store, 5);
      List<Settlement> batch = new ArrayList<>();
      jobs.forEach(job -> batch.add(new Settlement(job.lease(), Steps.succeeded())));
      batch.set(2, new Settlement(jobs.get(2).lease(), BAD));

      assertThatThrownBy(() -> store.settle(batch))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("refused=[" + jobs.get(2).lease() + "]")
          .extracting(e -> ((StoreException) e).outcome())
          .isEqualTo(StoreException.Certainty.NOT_DONE);
      for (LeasedJob job : jobs) {
        assertThat(store.records().find(job.id()).orElseThrow().state())
            .isEqualTo(job == jobs.get(2) ? JobState.RUNNING : JobState.SUCCEEDED);
      }
      assertThat(Steps.settle(store, jobs.get(2), Steps.succeeded())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLeaseThatIsThereTwiceIsAppliedOnce(Databases database) {
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      LeasedJob job = running(store, 1).get(0);
      NewJob child = Steps.after(job.id());
      store.insert(List.of(child));
      Settlement first = new Settlement(job.lease(), Steps.succeeded());
      Settlement second = new Settlement(job.lease(), new Outcome.Cancelled());

      assertThat(store.settle(List.of(first, second))).containsExactly((TokenLease) job.lease());
      assertThat(store.records().find(job.id()).orElseThrow().state())
          .isEqualTo(JobState.SUCCEEDED);
      assertThat(Steps.claim(store, 5)).extracting(LeasedJob::id).containsExactly(child.id());
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutHistoryASuccessLeavesNothingAndCountsAsSettled(Databases database) {
    JdbcStoreOptions options =
        Databases.unusedTables().schemaMode(SchemaMode.MIGRATE).history(History.DELETE).build();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      LeasedJob first = running(store, 1).get(0);
      Failure failure = new Failure("E", "once", "");
      Steps.settle(store, first, new Outcome.Retry(Duration.ZERO, failure));
      LeasedJob again = Steps.claim(store, 1).get(0);
      assertThat(store.records().attempts(first.id())).hasSize(1);

      assertThat(Steps.settle(store, again, Steps.succeeded())).isEmpty();

      for (String area : List.of("job", "history", "dead", "attempt")) {
        assertThat(Steps.number(pool, "SELECT COUNT(*) FROM " + options.tablePrefix() + area))
            .as(area)
            .isZero();
      }
      TokenLease lease = (TokenLease) again.lease();
      assertThat(store.settled(List.of(lease))).containsExactly(lease);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutHistoryWhatWasCalledOffIsKept(Databases database) {
    JdbcStoreOptions options =
        Databases.unusedTables().schemaMode(SchemaMode.MIGRATE).history(History.DELETE).build();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      LeasedJob job = running(store, 1).get(0);

      assertThat(Steps.settle(store, job, new Outcome.Cancelled())).isEmpty();

      assertThat(store.records().find(job.id()).orElseThrow().state())
          .isEqualTo(JobState.CANCELLED);
      assertThat(store.records().requeue(job.id())).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailureAfterARetryIsStillKnownAsSettled(Databases database) {
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      LeasedJob first = running(store, 1).get(0);
      Steps.settle(store, first, new Outcome.Retry(Duration.ZERO, new Failure("E", "", "")));
      Steps.claim(store, 1);

      TokenLease lease = (TokenLease) first.lease();
      assertThat(store.settled(List.of(lease))).as("claimed again since").containsExactly(lease);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereNoHistoryIsKeptNotesGoWithTheSuccess(Databases database) {
    JdbcStoreOptions options =
        Databases.unusedTables().schemaMode(SchemaMode.MIGRATE).history(History.DELETE).build();
    try (HikariDataSource pool = database.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      JobNotes notes = store.notes().orElseThrow();
      List<LeasedJob> jobs = running(store, 2);
      jobs.forEach(job -> notes.keep((TokenLease) job.lease(), new KeptStep("step", null)));

      Steps.settle(store, jobs.get(0), Steps.succeeded());

      assertThat(notes.step(jobs.get(0).id(), "step")).isEmpty();
      assertThat(notes.step(jobs.get(1).id(), "step")).isPresent();
    }
  }
}
