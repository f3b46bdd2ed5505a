package dev.jobs4j.transport.kafka;

import static dev.jobs4j.transport.kafka.KafkaRig.TICK;
import static dev.jobs4j.transport.kafka.KafkaRig.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.tck.BackendReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Partitions that move, members that go silent, brokers that die. */
class KafkaRebalanceTest {

  @BeforeAll
  static void report() {
    KafkaBroker.shared();
    BackendReport.used(KafkaRebalanceTest.class, KafkaBroker.version(), BackendReport.REAL);
  }

  /** Lets what it is asked to give up finish, on another thread, inside the drain. */
  private static final class Finishing extends KafkaRig.Told {
    final AtomicReference<JobSource> source = new AtomicReference<>();
    final List<Lease> settled = new ArrayList<>();
    final List<LeasedJob> running = new ArrayList<>();

    @Override
    public synchronized void revoked(Collection<? extends Lease> leases, Duration drain) {
      super.revoked(leases, drain);
      List<LeasedJob> mine =
          running.stream().filter(j -> leases.contains(j.lease())).limit(2).toList();
      CompletableFuture<Set<Lease>> settling =
          CompletableFuture.supplyAsync(
              () -> source.get().settle(mine.stream().map(KafkaRig::succeeded).toList()),
              CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
      assertThat(settling.join()).isEmpty();
      mine.forEach(j -> settled.add(j.lease()));
    }
  }

  @Test
  void whatFinishesInTheDrainIsCommittedAndTheRestMovesOn() throws Exception {
    try (KafkaRig rig = new KafkaRig(2)) {
      rig.publish(20);
      Finishing told = new Finishing();
      JobSource first = rig.source(told);
      told.source.set(first);
      told.running.addAll(rig.take(first, 20));
      KafkaRig.Told other = new KafkaRig.Told();
      JobSource second = rig.source(other);

      List<LeasedJob> moved = new ArrayList<>();
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (moved.size() < 8 && System.nanoTime() < end) {
        assertThat(first.turn(Demand.NONE, TICK)).isEmpty();
        moved.addAll(second.turn(rig.demand(20), TICK));
      }

      // One of the two partitions moved: of its ten, the two oldest ended in the drain.
      assertThat(told.drains).containsExactly(rig.options().drainLimit());
      assertThat(told.revoked).hasSize(10);
      assertThat(told.settled).hasSize(2);
      assertThat(rig.committed()).isEqualTo(2);
      assertThat(moved).hasSize(8);
      Set<String> ended = new HashSet<>();
      told.settled.forEach(lease -> ended.add(lease.toString()));
      assertThat(moved).noneMatch(j -> ended.contains(j.lease().toString()));
      // The partition that stayed was not disturbed.
      List<LeasedJob> stayed =
          told.running.stream().filter(j -> !told.revoked.contains(j.lease())).toList();
      assertThat(first.settle(stayed.stream().map(KafkaRig::succeeded).toList())).isEmpty();
      assertThat(second.settle(moved.stream().map(KafkaRig::succeeded).toList())).isEmpty();
      rig.turnUntil(() -> rig.committed() == 20, first, second);
    }
  }

  @Test
  void aLeaseOfAnEarlierAssignmentSettlesNothing() throws Exception {
    try (KafkaRig rig = new KafkaRig(2)) {
      rig.publish(2);
      KafkaRig.Told told = new KafkaRig.Told();
      JobSource first = rig.source(told);
      List<LeasedJob> before = rig.take(first, 2);
      JobSource second = rig.source();
      rig.turnUntil(() -> !told.revoked.isEmpty(), first, second);
      LeasedJob moved =
          before.stream().filter(j -> told.revoked.contains(j.lease())).findFirst().orElseThrow();

      // Taken away, it settles nothing.
      assertThat(first.settle(List.of(succeeded(moved)))).containsExactly(moved.lease());

      // The partition comes back, with the same record at the same offset under a new lease.
      second.close();
      LeasedJob again = rig.take(first, 1).get(0);
      assertThat(again.id()).isEqualTo(moved.id());
      assertThat(again.lease()).isNotEqualTo(moved.lease()).hasToString(moved.lease().toString());
      assertThat(first.settle(List.of(succeeded(moved)))).containsExactly(moved.lease());
      KafkaRig.turnFor(Duration.ofSeconds(1), first);
      assertThat(rig.committed()).isZero();
      assertThat(first.settle(List.of(succeeded(again)))).isEmpty();
      rig.turnUntil(() -> rig.committed() == 1, first);
    }
  }

  @Test
  void whoClosesInARebalanceStillCommits() throws Exception {
    try (KafkaRig rig = new KafkaRig(2)) {
      rig.publish(10);
      JobSource leaving = rig.source();
      JobSource staying = rig.source();
      rig.turnUntil(() -> rig.broker.isSpread("g", rig.topic, 2), leaving, staying);
      List<LeasedJob> jobs = rig.take(leaving, 5);
      // A third one joins; until the staying one polls again the rebalance does not end.
      JobSource joining = rig.source();
      joining.turn(Demand.NONE, TICK);
      for (int i = 0; i < 15; i++) {
        leaving.turn(Demand.NONE, TICK);
        joining.turn(Demand.NONE, TICK);
      }
      assertThat(leaving.settle(jobs.stream().map(KafkaRig::succeeded).toList())).isEmpty();
      CompletableFuture<Void> others =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 40; i++) {
                  quietTurn(staying);
                  quietTurn(joining);
                }
              },
              CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));

      leaving.close();

      assertThat(rig.committed()).isEqualTo(5);
      others.join();
    }
  }

  private static void quietTurn(JobSource source) {
    try {
      source.turn(Demand.NONE, TICK);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void turnsWithoutDemandKeepTheMembership() throws Exception {
    try (KafkaRig rig = new KafkaRig(KafkaRebalanceTest::impatient)) {
      rig.publish(3);
      KafkaRig.Told told = new KafkaRig.Told();
      JobSource source = rig.source(told);
      LeasedJob job = rig.take(source, 1).get(0);

      KafkaRig.turnFor(Duration.ofSeconds(7), source); // twice the max.poll.interval and more

      assertThat(told.revoked).isEmpty();
      assertThat(source.settle(List.of(succeeded(job)))).isEmpty();
      rig.turnUntil(() -> rig.committed() == 1, source);
      assertThat(rig.take(source, 2)).hasSize(2);
    }
  }

  @Test
  void withoutTurnsTheLeasesAreLostAndSaidToBe() throws Exception {
    try (KafkaRig rig = new KafkaRig(KafkaRebalanceTest::impatient)) {
      rig.publish(1);
      KafkaRig.Told told = new KafkaRig.Told();
      JobSource source = rig.source(told);
      LeasedJob job = rig.take(source, 1).get(0);

      TimeUnit.SECONDS.sleep(5);
      rig.turnUntil(() -> !told.revoked.isEmpty(), source);

      assertThat(told.revoked).containsExactly(job.lease());
      assertThat(told.drains).containsExactly(Duration.ZERO);
      assertThat(source.settle(List.of(succeeded(job)))).containsExactly(job.lease());
      LeasedJob again = rig.take(source, 1).get(0);
      assertThat(again.id()).isEqualTo(job.id());
      assertThat(rig.committed()).isZero();
    }
  }

  private static KafkaTransportOptions.Builder impatient(KafkaTransportOptions.Builder b) {
    return b.partitions(1)
        .drainLimit(Duration.ofSeconds(1))
        .clientProperty("max.poll.interval.ms", "3000");
  }

  @Test
  void whatTheBrokerHasDeletedHoldsNothingUp() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(10);
      JobSource first = rig.source();
      rig.take(first, 2).forEach(j -> first.settle(List.of(succeeded(j))));
      first.close();
      assertThat(rig.committed()).isEqualTo(2);
      TopicPartition partition = new TopicPartition(rig.topic, 0);
      try (Admin admin = rig.broker.admin()) {
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(5))).all().get();
      }
      JobSource source = rig.source();

      List<LeasedJob> rest = rig.take(source, 5);

      assertThat(rest).extracting(KafkaRig::text).containsExactly("5", "6", "7", "8", "9");
      source.settle(rest.stream().map(KafkaRig::succeeded).toList());
      rig.turnUntil(() -> rig.committed() == 10, source);
    }
  }

  @Test
  void aKilledBrokerEndsNothing() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(10);
      JobSource source = rig.source();
      List<LeasedJob> jobs = new ArrayList<>(rig.take(source, 4));
      rig.broker.kill();
      Set<String> done = new HashSet<>();
      try {
        for (int i = 0; i < 10; i++) {
          jobs.addAll(source.turn(rig.demand(1), TICK));
        }
        // Success needs no broker yet; it is committed when there is one again.
        jobs.forEach(j -> assertThat(source.settle(List.of(succeeded(j)))).isEmpty());
        jobs.forEach(j -> done.add(KafkaRig.text(j)));
      } finally {
        rig.broker.start();
      }
      long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
      while (rig.committed() < 10 && System.nanoTime() < end) {
        try {
          for (LeasedJob job : source.turn(rig.demand(1), TICK)) {
            source.settle(List.of(succeeded(job)));
            done.add(KafkaRig.text(job));
          }
        } catch (StoreException e) {
          assertThat(e).hasMessageContaining("Kafka source"); // backs off and calls again
        }
      }

      assertThat(done).hasSize(10);
      assertThat(rig.committed()).isEqualTo(10);
    }
  }
}
