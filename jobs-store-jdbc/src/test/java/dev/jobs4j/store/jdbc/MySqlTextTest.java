package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Retention;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.ReapRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a database of this family would take for equal, or shift, or put in another order. */
class MySqlTextTest {

  private static final List<String> LOOK_ALIKES =
      List.of(
          "a",
          "A",
          "a ",
          "a  ",
          "\u00e1",
          "a\u0301",
          "\u00df",
          "ss",
          "\uD83D\uDE80",
          "\uD83D\uDE81");

  @BeforeAll
  static void findServer() {
    MySqlDriver.MARIADB.requireServer(MySqlTextTest.class);
  }

  @ParameterizedTest
  @EnumSource
  void keysThatLookAlikeAreDifferentKeys(MySqlDriver driver) {
    try (HikariDataSource pool = Pools.of(driver.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      for (int round = 0; round < 2; round++) {
        for (String key : LOOK_ALIKES) {
          UniqueKey unique = new UniqueKey(key, Duration.ZERO);
          NewJob job = Steps.job().toBuilder().uniqueKey(unique).build();
          Enqueued answer = store.insert(List.of(job)).get(0);
          assertThat(answer instanceof Enqueued.Created).as(key).isEqualTo(round == 0);
        }
      }
      List<NewJob> all = new ArrayList<>();
      LOOK_ALIKES.forEach(
          key ->
              all.add(
                  Steps.job().toBuilder()
                      .uniqueKey(new UniqueKey("x" + key, Duration.ZERO))
                      .build()));
      assertThat(store.insert(all)).allMatch(answer -> answer instanceof Enqueued.Created);
    }
  }

  @ParameterizedTest
  @EnumSource
  void typesAndQueuesThatLookAlikeAreDifferent(MySqlDriver driver) {
    try (HikariDataSource pool = Pools.of(driver.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      NewJob upper = Steps.job().toBuilder().type("Work.Do").build();
      NewJob elsewhere = Steps.job().toBuilder().queue(JobQueue.of("Work")).build();
      store.insert(List.of(upper, elsewhere));

      assertThat(Steps.claim(store, 10)).isEmpty();
      ClaimRequest request =
          new ClaimRequest(
              Steps.engine(store), UUID.randomUUID(), Steps.QUEUE, Map.of("Work.Do", 1), 10, true);
      assertThat(store.claim(request)).extracting(LeasedJob::id).containsExactly(upper.id());
    }
  }

  @ParameterizedTest
  @EnumSource
  void idsAreInTheirOwnOrder(MySqlDriver driver) {
    try (HikariDataSource pool = Pools.of(driver.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      List<JobId> ids =
          List.of(
              new JobId(new UUID(0, 1)),
              new JobId(new UUID(0, -1)),
              new JobId(new UUID(1, 0)),
              new JobId(new UUID(Long.MAX_VALUE, 5)),
              new JobId(new UUID(Long.MIN_VALUE, 5)),
              new JobId(new UUID(-1, -2)));
      List<NewJob> jobs = ids.stream().map(id -> Steps.job().toBuilder().id(id).build()).toList();
      store.insert(jobs);
      for (LeasedJob job : Steps.claim(store, 10)) {
        Outcome dead = new Outcome.Dead(DeadReason.REJECTED, new Failure("E", "", ""));
        assertThat(Steps.settle(store, job, dead)).isEmpty();
      }

      List<JobId> read = new ArrayList<>();
      JobId after = null;
      for (int page = 0; page < 4; page++) {
        for (DeadLetter letter : store.records().deadLetters(Steps.QUEUE, after, 2)) {
          read.add(letter.id());
          after = letter.id();
        }
      }
      assertThat(read).containsExactlyElementsOf(ids.stream().sorted().toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatLiesBeyondTheCalendarIsItsEdge(MySqlDriver driver) {
    Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
    try (HikariDataSource pool = Pools.of(driver.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, Databases.newTables());
      NewJob far = Steps.job().toBuilder().due(new Due.In(ages)).build();
      NewJob farther = Steps.job().toBuilder().due(new Due.At(Instant.MAX)).build();
      NewJob early = Steps.job().toBuilder().due(new Due.At(Instant.MIN)).build();
      store.insert(List.of(far, farther, early));
      Instant last = Instant.parse("9999-12-31T23:59:59.999999Z");
      assertThat(store.records().find(far.id()).orElseThrow().runAt()).isEqualTo(last);
      assertThat(store.records().find(farther.id()).orElseThrow().runAt()).isEqualTo(last);
      assertThat(store.records().find(early.id()).orElseThrow().runAt())
          .isEqualTo(Instant.parse("0001-01-01T00:00:00Z"));

      LeasedJob job = Steps.claim(store, 10).get(0);
      assertThat(job.id()).isEqualTo(early.id());
      Steps.settle(store, job, new Outcome.Retry(ages, new Failure("E", "", "")));
      assertThat(store.records().find(early.id()).orElseThrow().runAt()).isEqualTo(last);

      Steps.insert(store);
      Steps.settle(store, Steps.claim(store, 1).get(0), Steps.succeeded());
      assertThat(store.prune(new PruneRequest(Retention.of(Duration.ofDays(36_500)), 10)))
          .as("nothing is so old")
          .isZero();
      assertThat(store.reap(new ReapRequest(ages, 10, 3)).fenced()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noTimeZoneMatters(MySqlDriver driver) {
    TimeZone before = TimeZone.getDefault();
    JdbcStoreOptions options = Databases.newTables();
    String pacific =
        driver.url() + "&connectionTimeZone=-09:00&forceConnectionTimeZoneToSession=true";
    try (HikariDataSource utc = Pools.of(driver.url());
        HikariDataSource elsewhere = Pools.of(pacific);
        HikariDataSource west = Pools.of(driver.url() + "&sessionVariables=time_zone='-08:00'")) {
      TimeZone.setDefault(TimeZone.getTimeZone("America/St_Johns"));
      assertThat(Steps.number(west, "SELECT TIMEDIFF(NOW(), UTC_TIMESTAMP()) < '-07:00:00'"))
          .as("its sessions are elsewhere")
          .isOne();
      List<JdbcJobStore> stores =
          List.of(
              JdbcJobStore.of(utc, options),
              JdbcJobStore.of(elsewhere, options),
              JdbcJobStore.of(west, options));
      Instant due = Instant.parse("2027-03-14T02:30:00.123456Z"); // no local time in some zones
      for (JdbcJobStore store : stores) {
        NewJob later = Steps.job().toBuilder().due(new Due.At(due)).build();
        store.insert(List.of(later));
        for (JdbcJobStore reader : stores) {
          assertThat(reader.records().find(later.id()).orElseThrow().runAt()).isEqualTo(due);
        }
        JobId now = Steps.insert(store);
        Instant created = store.records().find(now).orElseThrow().createdAt();
        assertThat(Duration.between(created, Instant.now()).abs())
            .isLessThan(Duration.ofMinutes(2));
      }
      for (JdbcJobStore store : stores) {
        assertThat(Steps.claim(store, 1)).as("due for all of them").hasSize(1);
      }
      assertThat(Steps.claim(stores.get(0), 10)).as("the others are due next year").isEmpty();
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
