package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.Lease;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
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

  private static NewJob inLine(String line) {
    return Steps.job().toBuilder().fifo(new Fifo(line, Fifo.OnDead.BLOCK)).build();
  }

  private static NewJob limited(String key) {
    return Steps.job().toBuilder().limits(Set.of(LimitKey.parse("carrier/" + key))).build();
  }

  /** One has a unique key, one heads a line, one holds a permit. */
  private static List<NewJob> concerningOthers(String name) {
    UniqueKey key = new UniqueKey(name, Duration.ZERO, UniqueKey.OnConflict.KEEP);
    return List.of(Steps.job().toBuilder().uniqueKey(key).build(), inLine(name), limited(name));
  }

  /** Who waits for the place in the line and for the permit. */
  private static Set<JobId> behind(JdbcJobStore store, String name) {
    NewJob next = inLine(name);
    NewJob later = limited(name);
    store.insert(List.of(next, later));
    return Set.of(next.id(), later.id());
  }

  /**
   * Running jobs that concern nobody, and some that do.
   *
   * @param tried ran before, so their tokens are others
   */
  private record Mixed(List<LeasedJob> tried, List<LeasedJob> fresh) {

    static Mixed in(JdbcJobStore store) {
      store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
      Failure failure = new Failure("E", "once", "");
      List<NewJob> first = new ArrayList<>(concerningOthers("tried"));
      first.add(Steps.job());
      store.insert(first);
      for (LeasedJob job : Steps.claim(store, 20)) {
        Steps.settle(store, job, new Outcome.Retry(Duration.ZERO, failure));
      }
      List<NewJob> second = new ArrayList<>(concerningOthers("fresh"));
      second.add(Steps.job());
      store.insert(second);
      List<LeasedJob> jobs = Steps.claim(store, 20);
      Mixed mixed =
          new Mixed(
              jobs.stream().filter(job -> job.attempt() == 2).toList(),
              jobs.stream().filter(job -> job.attempt() == 1).toList());
      assertThat(mixed.tried).hasSize(4);
      assertThat(mixed.fresh).hasSize(4);
      return mixed;
    }
  }

  private static boolean isKeyFree(JdbcJobStore store, String key) {
    NewJob job =
        Steps.job().toBuilder()
            .uniqueKey(new UniqueKey(key, Duration.ZERO, UniqueKey.OnConflict.KEEP))
            .due(new Due.In(Duration.ofDays(1)))
            .build();
    return store.insert(List.of(job)).get(0) instanceof Enqueued.Created;
  }

  private static void forEachHistory(
      Databases database, BiConsumer<HikariDataSource, JdbcJobStore> test) {
    for (History history : History.values()) {
      JdbcStoreOptions options =
          Databases.unusedTables().schemaMode(SchemaMode.MIGRATE).history(history).build();
      try (HikariDataSource pool = database.open()) {
        test.accept(pool, JdbcJobStore.of(pool, options));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void allThatSucceedLetGoWhatTheyHeld(Databases database) {
    forEachHistory(
        database,
        (pool, store) -> {
          Mixed mixed = Mixed.in(store);
          Set<JobId> next = new HashSet<>(behind(store, "tried"));
          next.addAll(behind(store, "fresh"));
          assertThat(Steps.claim(store, 20)).isEmpty();
          List<Settlement> batch = new ArrayList<>();
          mixed.tried.forEach(job -> batch.add(succeeded(job)));
          mixed.fresh.forEach(job -> batch.add(succeeded(job)));

          assertThat(store.settle(batch)).isEmpty();

          assertThat(isKeyFree(store, "tried")).isTrue();
          assertThat(isKeyFree(store, "fresh")).isTrue();
          assertThat(Steps.claim(store, 20))
              .extracting(LeasedJob::id)
              .containsExactlyInAnyOrderElementsOf(next);
        });
  }

  private static Settlement succeeded(LeasedJob job) {
    return new Settlement(job.lease(), Steps.succeeded());
  }

  /** Its token is one that somebody else raised meanwhile. */
  private static Settlement stale(LeasedJob job) {
    TokenLease lease = (TokenLease) job.lease();
    return new Settlement(new TokenLease(lease.id(), lease.token() - 1), Steps.succeeded());
  }

  @ParameterizedTest
  @EnumSource
  void ofABatchTheLostOnesAreToldAndTheOthersEnd(Databases database) {
    forEachHistory(
        database,
        (pool, store) -> {
          Mixed mixed = Mixed.in(store);
          Set<JobId> next = behind(store, "tried");
          behind(store, "fresh");
          List<Settlement> batch = new ArrayList<>();
          mixed.fresh.forEach(job -> batch.add(stale(job)));
          batch.add(
              new Settlement(new TokenLease(new JobId(UUID.randomUUID()), 1), Steps.succeeded()));
          Set<Lease> lost = batch.stream().map(Settlement::lease).collect(Collectors.toSet());
          mixed.tried.forEach(job -> batch.add(succeeded(job)));

          assertThat(store.settle(batch)).isEqualTo(lost);

          assertThat(isKeyFree(store, "tried")).isTrue();
          assertThat(isKeyFree(store, "fresh")).isFalse();
          assertThat(Steps.claim(store, 20))
              .extracting(LeasedJob::id)
              .containsExactlyInAnyOrderElementsOf(next);
          assertThat(store.settle(mixed.fresh.stream().map(SettleBatchTest::succeeded).toList()))
              .as("they still run")
              .isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource
  void twoLeasesOfOneJobInABatchAreToldApart(Databases database) {
    forEachHistory(
        database,
        (pool, store) -> {
          List<LeasedJob> jobs = running(store, 2);
          Settlement early = stale(jobs.get(0));
          List<Settlement> batch =
              List.of(
                  new Settlement(jobs.get(1).lease(), Steps.succeeded()),
                  early,
                  new Settlement(jobs.get(0).lease(), Steps.succeeded()));

          assertThat(store.settle(batch)).containsExactly((TokenLease) early.lease());

          assertThat(store.records().count(Steps.QUEUE)).doesNotContainKey(JobState.RUNNING);
        });
  }

  @ParameterizedTest
  @EnumSource
  void aTokenOfAnotherJobOfTheBatchDoesNotCount(Databases database) {
    forEachHistory(
        database,
        (pool, store) -> {
          Failure failure = new Failure("E", "once", "");
          LeasedJob first = running(store, 1).get(0);
          Steps.settle(store, first, new Outcome.Retry(Duration.ZERO, failure));
          LeasedJob again = Steps.claim(store, 1).get(0);
          LeasedJob other = running(store, 1).get(0);
          TokenLease late = (TokenLease) first.lease();
          assertThat(((TokenLease) other.lease()).token()).isEqualTo(late.token());

          assertThat(
                  store.settle(
                      List.of(
                          new Settlement(late, Steps.succeeded()),
                          new Settlement(other.lease(), Steps.succeeded()))))
              .containsExactly(late);

          assertThat(Steps.settle(store, again, Steps.succeeded())).isEmpty();
        });
  }
}
