package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes at the same job at the same time: one of the legal orders happened, whichever. */
abstract class RaceCases extends StoreCases {

  private static final int CLAIMERS = 64;

  private JobStore other;

  @BeforeEach
  void openOtherNode() {
    other = open();
  }

  private static Outcome died() {
    return new Outcome.Dead(DeadReason.REJECTED, FAILURE);
  }

  @Test
  void claimAndClaim() throws Exception {
    EngineId one = engine();
    EngineId two = engine();
    rounds(
        () -> {
          List<JobId> ids = insertMany(10);
          Race.Both<List<LeasedJob>, List<LeasedJob>> claims =
              Race.both(() -> store.claim(claimOf(one, 10)), () -> other.claim(claimOf(two, 10)));
          List<LeasedJob> given = new ArrayList<>(claims.first());
          given.addAll(claims.second());
          given.addAll(claim(one, 10));

          assertThat(given.stream().map(LeasedJob::id)).containsExactlyInAnyOrderElementsOf(ids);
          given.forEach(job -> settled(job, succeeded()));
        });
  }

  @Test
  void claimAndCancel() throws Exception {
    EngineId engine = engine();
    rounds(
        () -> {
          JobId id = insertOne();
          Race.Both<List<LeasedJob>, Cancellation> both =
              Race.both(() -> store.claim(claimOf(engine, 1)), () -> other.records().cancel(id));

          if (both.first().isEmpty()) {
            assertThat(both.second()).isEqualTo(Cancellation.CANCELLED);
            assertThat(state(id)).isEqualTo(JobState.CANCELLED);
          } else {
            assertThat(both.second()).isEqualTo(Cancellation.REQUESTED);
            assertThat(job(id).cancelRequested()).isTrue();
            settled(both.first().get(0), succeeded());
          }
        });
  }

  @Test
  void claimAndReplace() throws Exception {
    assumeTrue(can(Capability.REPLACE), "replaces no waiting jobs");
    EngineId engine = engine();
    rounds(
        () -> {
          insert(NewJobs.job().key("k").build());
          NewJob change =
              NewJobs.job().replace("k").payload(new Payload("json", new byte[] {'2'})).build();
          Race.Both<List<LeasedJob>, List<Enqueued>> both =
              Race.both(() -> store.claim(claimOf(engine, 1)), () -> other.insert(List.of(change)));
          List<LeasedJob> ran = new ArrayList<>(both.first());
          ran.addAll(claim(engine, 10));

          boolean created = both.second().get(0) instanceof Enqueued.Created;
          assertThat(ran).hasSize(created ? 2 : 1);
          assertThat(ran.get(ran.size() - 1).payload().bytes()).containsExactly('2');
          ran.forEach(job -> settled(job, succeeded()));
        });
  }

  @Test
  void replaceAndReplace() throws Exception {
    assumeTrue(can(Capability.REPLACE), "replaces no waiting jobs");
    EngineId engine = engine();
    rounds(
        () -> {
          insert(NewJobs.job().key("k").build());
          LeasedJob running = claimOne(engine);
          Race.both(
              () -> store.insert(List.of(NewJobs.job().replace("k").build())),
              () -> other.insert(List.of(NewJobs.job().replace("k").build())));

          LeasedJob follower = claimOne(engine);
          settled(running, succeeded());
          settled(follower, succeeded());
        });
  }

  @Test
  void cancelAndSettle() throws Exception {
    EngineId engine = engine();
    rounds(
        () -> {
          JobId id = insertOne();
          LeasedJob running = claimOne(engine);
          Race.Both<Cancellation, Set<TokenLease>> both =
              Race.both(() -> other.records().cancel(id), () -> settle(running, succeeded()));

          assertThat(both.first()).isIn(Cancellation.REQUESTED, Cancellation.TOO_LATE);
          assertThat(both.second()).isEmpty();
          assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
        });
  }

  @Test
  void reapAndSettle() throws Exception {
    rounds(
        () -> {
          JobId id = insertOne();
          LeasedJob running = claimOne(engine());
          expireEngines();
          Race.Both<Reaped, Set<TokenLease>> both =
              Race.both(
                  () -> other.reap(new ReapRequest(GRACE, 10, 3)),
                  () -> settle(running, succeeded()));

          boolean accepted = both.second().isEmpty();
          assertThat(both.first().returned().contains(id)).isEqualTo(!accepted);
          assertThat(state(id)).isEqualTo(accepted ? JobState.SUCCEEDED : JobState.PENDING);
          assertThat(job(id).token() == lease(running).token()).isEqualTo(accepted);
          claim(engine(), 10).forEach(job -> settled(job, succeeded()));
        });
  }

  @Test
  void reapAndRenew() throws Exception {
    rounds(
        () -> {
          JobId id = insertOne();
          EngineId engine = engine();
          LeasedJob running = claimOne(engine);
          expireEngines();
          Race.Both<Reaped, Optional<Mailbox>> both =
              Race.both(() -> other.reap(new ReapRequest(GRACE, 10, 3)), () -> store.renew(engine));

          boolean alive = both.second().isPresent();
          assertThat(both.first().fenced().contains(engine)).isEqualTo(!alive);
          assertThat(both.first().returned().contains(id)).isEqualTo(!alive);
          assertThat(store.renew(engine).isPresent()).isEqualTo(alive);
          assertThat(settle(running, succeeded()).isEmpty()).isEqualTo(alive);
          claim(engine(), 10).forEach(job -> settled(job, succeeded()));
        });
  }

  /** The engine dies for the store while its claim is under way: nothing may stay in its hands. */
  @Test
  void reapAndClaim() throws Exception {
    rounds(
        () -> {
          JobId id = insertOne();
          EngineId engine = engine();
          expireEngines();
          Race.Both<Reaped, List<LeasedJob>> both =
              Race.both(
                  () -> other.reap(new ReapRequest(GRACE, 10, 3)),
                  () -> store.claim(claimOf(engine, 10)));
          Reaped next = reap(); // the first may pass over an engine with a claim in flight

          assertThat(all(both.first().fenced(), next.fenced(), List.of())).containsOnlyOnce(engine);
          assertThat(store.held(engine)).isEmpty();
          assertThat(state(id)).isEqualTo(JobState.PENDING);
          both.second().forEach(job -> assertThat(settle(job, succeeded())).hasSize(1));
          settled(claimOne(engine()), succeeded());
        });
  }

  @Test
  void retireAndClaim() throws Exception {
    rounds(
        () -> {
          JobId id = insertOne();
          EngineId engine = engine();
          Race.both(
              () -> {
                other.retire(engine);
                return id;
              },
              () -> store.claim(claimOf(engine, 10)));
          expireEngines();
          reap();

          assertThat(store.held(engine)).isEmpty();
          assertThat(state(id)).isEqualTo(JobState.PENDING);
          settled(claimOne(engine()), succeeded());
        });
  }

  @Test
  void reapAndReap() throws Exception {
    rounds(
        () -> {
          List<JobId> ids = insertMany(6);
          EngineId engine = engine();
          claim(engine, 6);
          expireEngines();
          Race.Both<Reaped, Reaped> both =
              Race.both(
                  () -> store.reap(new ReapRequest(GRACE, 100, 3)),
                  () -> other.reap(new ReapRequest(GRACE, 100, 3)));
          Reaped rest = reap();

          assertThat(all(both.first().fenced(), both.second().fenced(), rest.fenced()))
              .containsExactly(engine);
          assertThat(all(both.first().returned(), both.second().returned(), rest.returned()))
              .containsExactlyInAnyOrderElementsOf(ids);
          ids.forEach(id -> assertThat(job(id).attempt()).isZero());
          ids.forEach(id -> records().cancel(id));
        });
  }

  private static <T> List<T> all(List<T> a, List<T> b, List<T> c) {
    return Stream.of(a, b, c).flatMap(List::stream).toList();
  }

  @Test
  void settleAndSettle() throws Exception {
    EngineId engine = engine();
    rounds(
        () -> {
          JobId id = insertOne();
          LeasedJob running = claimOne(engine);
          Race.Both<Set<TokenLease>, Set<TokenLease>> both =
              Race.both(
                  () -> settle(running, retry()),
                  () -> other.settle(List.of(new Settlement(running.lease(), retry()))));

          assertThat(both.first().size() + both.second().size()).isEqualTo(1);
          assertThat(records().attempts(id)).hasSize(1);
          records().cancel(id);
        });
  }

  @Test
  void requeueAndClaim() throws Exception {
    EngineId engine = engine();
    rounds(
        () -> {
          JobId id = insertOne();
          LeasedJob dead = claimOne(engine);
          settled(dead, died());
          Race.Both<Boolean, List<LeasedJob>> both =
              Race.both(() -> other.records().requeue(id), () -> store.claim(claimOf(engine, 10)));
          List<LeasedJob> given = new ArrayList<>(both.second());
          given.addAll(claim(engine, 10));

          assertThat(both.first()).isTrue();
          assertThat(given.stream().map(LeasedJob::lease))
              .containsExactly(new TokenLease(id, lease(dead).token() + 1));
          settled(given.get(0), succeeded());
        });
  }

  @Test
  void requeueAndRequeue() throws Exception {
    EngineId engine = engine();
    rounds(
        () -> {
          JobId id = insertOne();
          settled(claimOne(engine), died());
          Race.Both<Boolean, Boolean> both =
              Race.both(() -> records().requeue(id), () -> other.records().requeue(id));

          assertThat(both.first() ^ both.second()).as("one of them did it").isTrue();
          settled(claimOne(engine), succeeded());
        });
  }

  @Test
  void deleteAndSettle() throws Exception {
    EngineId engine = engine();
    rounds(
        () -> {
          JobId id = insertOne();
          LeasedJob running = claimOne(engine);
          Race.Both<Boolean, Set<TokenLease>> both =
              Race.both(() -> other.records().delete(id), () -> settle(running, succeeded()));

          assertThat(both.second()).isEmpty();
          assertThat(records().find(id).isPresent()).isEqualTo(!both.first());
        });
  }

  @Test
  void sixtyFourClaimersNeverShareAJob() throws Exception {
    int jobs = fixture().rounds() * 100;
    for (int i = 0; i < jobs; i += 500) {
      insertMany(Math.min(500, jobs - i));
    }
    List<JobStore> nodes = List.of(store, other, open(), open());
    List<Callable<List<LeasedJob>>> claimers = new ArrayList<>();
    for (int i = 0; i < CLAIMERS; i++) {
      JobStore node = nodes.get(i % nodes.size());
      EngineId engine = engine();
      claimers.add(() -> drain(node, engine, jobs));
    }

    List<LeasedJob> given = Race.all(claimers).stream().flatMap(List::stream).toList();

    Set<JobId> ids = new HashSet<>();
    given.forEach(job -> assertThat(ids.add(job.id())).as("%s given once", job.id()).isTrue());
    assertThat(ids).hasSize(jobs);
    given.forEach(job -> assertThat(lease(job).token()).isEqualTo(1));
  }

  /** Claims until nothing is left; a row that another was at may be met in a later try. */
  private List<LeasedJob> drain(JobStore node, EngineId engine, int atMost) {
    List<LeasedJob> taken = new ArrayList<>();
    int empty = 0;
    while (empty < 3 && taken.size() <= atMost) {
      List<LeasedJob> some = node.claim(claimOf(engine, 7));
      taken.addAll(some);
      empty = some.isEmpty() ? empty + 1 : 0;
    }
    return taken;
  }
}
