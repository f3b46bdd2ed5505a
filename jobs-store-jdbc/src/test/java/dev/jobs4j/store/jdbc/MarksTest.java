package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import dev.jobs4j.store.jdbc.Marks.Mark;
import dev.jobs4j.store.jdbc.Marks.Walk;
import dev.jobs4j.store.jdbc.PostgresClaims.Claimed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MarksTest {

  private static final Instant HORIZON = Instant.parse("2026-01-02T00:00:00Z");
  private static final UUID NOBODY = new UUID(0, 0);
  private static final Duration FAST = Duration.ofMillis(1);
  private static final Duration SLOW = Duration.ofMillis(100);

  private final Marks marks = new Marks();
  private long nanos;

  private static ClaimRequest request(int limit) {
    return new ClaimRequest(
        new EngineId(NOBODY), NOBODY, JobQueue.DEFAULT, Map.of("t", 1), limit, false);
  }

  private static Candidate job(int priority, Instant runAt, int number, boolean suspect) {
    JobId id = new JobId(new UUID(7, number));
    LeasedJob job =
        new LeasedJob(
            new TokenLease(id, 1),
            id,
            "t",
            1,
            JobQueue.DEFAULT,
            new Payload("json", new byte[0]),
            1,
            null,
            OptionalLong.of(1),
            suspect,
            Duration.ZERO,
            null,
            Set.of(),
            Map.of(),
            null);
    return new Candidate(job, priority, runAt, Set.of(), null);
  }

  private static Candidate job(int priority, Instant runAt, int number) {
    return job(priority, runAt, number, false);
  }

  private void claim(int limit, Duration spent, List<Candidate> found) {
    Walk walk = marks.next(nanos);
    marks.walked(
        walk, request(limit), new Claimed(false, true, found.size(), found, HORIZON, spent), nanos);
  }

  /** A claim that is as large as it asked. */
  private List<Candidate> backlog(int priority) {
    return IntStream.range(0, 100)
        .mapToObj(i -> job(priority, HORIZON.minusSeconds(500 - i), i))
        .toList();
  }

  private Walk next() {
    return marks.next(nanos);
  }

  @Test
  void allTheWayIsWalkedAsLongAsThatCostsLittle() {
    for (int i = 0; i < 20; i++) {
      claim(10, FAST, List.of(job(3, HORIZON.minusSeconds(9), i)));
      assertThat(next().isWhole()).isTrue();
    }
  }

  @Test
  void aBacklogIsClaimedFromWhereTheLastClaimEnded() {
    claim(100, FAST, backlog(3));

    Mark end = Mark.of(HORIZON, NOBODY);
    Mark last = Mark.of(HORIZON.minusSeconds(401), new UUID(7, 99));
    assertThat(next().from()).containsExactly(end, end, last, Mark.START, Mark.START);
  }

  @Test
  void aMarkStaysBehindTheClock() {
    List<Candidate> due = new ArrayList<>(backlog(3));
    due.set(99, job(3, HORIZON.plusMillis(1), 99));
    claim(100, FAST, due);

    assertThat(next().from().get(2)).isEqualTo(Mark.of(HORIZON, NOBODY));
  }

  @Test
  void aClaimThatCameShortIsFollowedByOneThatWalksAllTheWay() {
    claim(100, FAST, backlog(3));
    claim(100, FAST, backlog(3).subList(0, 50));

    assertThat(next().isWhole()).isTrue();
  }

  @Test
  void whereTheWayIsLongItIsWalkedSeldom() {
    for (int i = 0; i < 3; i++) {
      assertThat(next().isWhole()).isTrue();
      claim(10, SLOW, List.of());
    }
    for (int i = 0; i < 20; i++) {
      assertThat(next().isWhole()).isFalse();
      claim(10, FAST, List.of());
    }
    nanos += SLOW.multipliedBy(20).toNanos() - 1;
    assertThat(next().isWhole()).isFalse();
    nanos++;
    assertThat(next().isWhole()).as("once in twenty times what it takes").isTrue();
  }

  @Test
  void twoSlowClaimsMayBeChance() {
    claim(10, SLOW, List.of());
    claim(10, SLOW, List.of());
    claim(10, FAST, List.of());
    claim(10, SLOW, List.of());

    assertThat(next().isWhole()).isTrue();
  }

  @Test
  void allTheWayIsWalkedOnceItIsShortAgain() {
    for (int i = 0; i < 3; i++) {
      claim(10, SLOW, List.of());
    }
    nanos += Duration.ofSeconds(10).toNanos();
    claim(10, FAST, List.of());

    assertThat(next().isWhole()).isTrue();
  }

  @Test
  void whatComesBackIsLookedForAtOnce() {
    claim(100, FAST, backlog(3));
    marks.forget();

    assertThat(next().isWhole()).isTrue();
  }

  @Test
  void whatComesBackDuringAClaimIsNotPassedOver() {
    claim(100, FAST, backlog(3));
    Walk walk = marks.next(nanos);
    marks.forget();
    marks.walked(
        walk, request(100), new Claimed(false, true, 100, backlog(3), HORIZON, FAST), nanos);

    assertThat(next().isWhole()).isTrue();
  }

  @Test
  void whatIsLeftForItsBytesIsNotPassedOver() {
    claim(100, FAST, backlog(3));
    Walk walk = marks.next(nanos);
    List<Candidate> part = backlog(3).subList(0, 16);
    marks.walked(walk, request(100), new Claimed(false, true, 50, part, HORIZON, FAST), nanos);

    assertThat(next().from().get(2)).isEqualTo(Mark.of(HORIZON.minusSeconds(485), new UUID(7, 15)));
  }

  @Test
  void suspectsLieElsewhere() {
    List<Candidate> due = new ArrayList<>(backlog(2));
    due.set(99, job(4, HORIZON.minusSeconds(3), 99, true));
    claim(100, FAST, due);

    assertThat(next().from().get(1)).isEqualTo(Mark.of(HORIZON.minusSeconds(402), new UUID(7, 98)));
    assertThat(next().from().get(3)).isEqualTo(Mark.START);
  }

  /** Another node gives back what lies behind the mark of this one. */
  @ParameterizedTest
  @EnumSource
  void whatComesBackBehindAMarkIsFoundOnceTheBacklogIsClaimed(PostgresServer server) {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool = Pools.of(server.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      JdbcJobStore other = JdbcJobStore.of(pool, options);
      store.insert(IntStream.range(0, 350).<NewJob>mapToObj(i -> Steps.job()).toList());
      EngineId engine = Steps.engine(store);
      List<LeasedJob> claimed = new ArrayList<>(store.claim(Steps.claimOf(engine, 100)));
      LeasedJob first = claimed.remove(0);
      other.settle(List.of(new Settlement(first.lease(), new Outcome.Released())));

      for (int i = 0; i < 4; i++) {
        claimed.addAll(store.claim(Steps.claimOf(engine, 100)));
      }

      assertThat(claimed.stream().map(LeasedJob::id).collect(Collectors.toSet())).hasSize(350);
      assertThat(claimed).hasSize(350);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noMoreBytesAreClaimedAheadThanFit(PostgresServer server) {
    JdbcStoreOptions options = Databases.newTables();
    try (HikariDataSource pool = Pools.of(server.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      Payload large = new Payload("bytes", new byte[1 << 20]);
      for (int i = 0; i < 40; i++) {
        JobId id = new JobId(UUID.randomUUID());
        store.insert(List.of(NewJob.builder(id, "work.do", Steps.QUEUE, large).build()));
      }
      EngineId engine = Steps.engine(store);

      assertThat(claimAhead(store, engine, 2, 38)).hasSize(16);
      assertThat(claimAhead(store, engine, 20, 20)).as("the slots go first").hasSize(20);
      assertThat(claimAhead(store, engine, 0, 40)).hasSize(4);
    }
  }

  private static List<LeasedJob> claimAhead(
      JdbcJobStore store, EngineId engine, int places, int ahead) {
    Map<String, Integer> types = Map.of("work.do", 1);
    return store.claim(
        new ClaimRequest(
            engine, UUID.randomUUID(), Steps.QUEUE, types, places + ahead, ahead, false, null));
  }
}
