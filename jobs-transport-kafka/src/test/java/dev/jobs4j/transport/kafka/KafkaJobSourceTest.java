package dev.jobs4j.transport.kafka;

import static dev.jobs4j.transport.kafka.KafkaRig.TICK;
import static dev.jobs4j.transport.kafka.KafkaRig.succeeded;
import static dev.jobs4j.transport.kafka.KafkaRig.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.tck.BackendReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The ordinary way: publish, turn, settle, commit. */
class KafkaJobSourceTest {

  @BeforeAll
  static void report() {
    KafkaBroker.shared();
    BackendReport.used(KafkaJobSourceTest.class, KafkaBroker.version(), BackendReport.REAL);
  }

  @Test
  void whatWasPublishedIsGivenOutAndCommitted() throws Exception {
    try (KafkaRig rig = new KafkaRig(2)) {
      List<NewJob> jobs = rig.publish(20);
      JobSource source = rig.source();

      List<LeasedJob> given = rig.take(source, 20);

      assertThat(given)
          .extracting(LeasedJob::id)
          .containsExactlyInAnyOrderElementsOf(jobs.stream().map(NewJob::id).toList());
      assertThat(given).allMatch(j -> j.attempt() == 1 && j.queue().equals(rig.queue));
      assertThat(given)
          .allMatch(j -> j.lease().toString().matches("kafka:" + rig.topic + "-[01]@\\d+"));
      assertThat(source.settle(given.stream().map(KafkaRig::succeeded).toList())).isEmpty();
      rig.turnUntil(() -> rig.committed() == 20, source);
      assertThat(source.turn(rig.demand(5), TICK)).isEmpty();
    }
  }

  @Test
  void jobsOfOnePublishAreSpreadOverThePartitions() throws Exception {
    try (KafkaRig rig = new KafkaRig(4)) {
      rig.publish(40);

      List<LeasedJob> given = rig.take(rig.source(), 40);

      Map<Integer, Long> byPartition =
          given.stream()
              .map(j -> ((KafkaLease) j.lease()).partition().partition())
              .collect(
                  java.util.stream.Collectors.groupingBy(
                      p -> p, java.util.stream.Collectors.counting()));
      assertThat(byPartition).hasSize(4).allSatisfy((p, n) -> assertThat(n).isEqualTo(10));
    }
  }

  /** Many batches at once for partitions that were made a moment ago. */
  @Test
  void aBulkGoesIntoTopicsThatAreJustBeingMade() throws Exception {
    for (int i = 0; i < 5; i++) {
      try (KafkaRig rig = new KafkaRig(6)) {
        rig.publish(2_000);

        assertThat(rig.records(rig.topic)).hasSize(2_000);
      }
    }
  }

  @Test
  void onlyTheCompletedPrefixIsCommitted() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(10);
      JobSource source = rig.source();
      List<LeasedJob> given = rig.take(source, 10);

      for (int i : new int[] {9, 7, 8, 0, 1, 5}) {
        source.settle(List.of(succeeded(given.get(i))));
      }
      rig.turnUntil(() -> rig.committed() > 0, source);
      KafkaRig.turnFor(Duration.ofSeconds(1), source);

      assertThat(rig.committed()).isEqualTo(2);

      for (int i : new int[] {2, 4, 3}) {
        source.settle(List.of(succeeded(given.get(i))));
      }
      rig.turnUntil(() -> rig.committed() > 2, source);
      KafkaRig.turnFor(Duration.ofSeconds(1), source);

      assertThat(rig.committed()).isEqualTo(6);
    }
  }

  @Test
  void whatWasSettledBeforeCloseIsCommittedAndTheRestComesAgain() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(3);
      JobSource first = rig.source();
      List<LeasedJob> given = rig.take(first, 3);
      first.settle(List.of(succeeded(given.get(0))));
      first.settle(List.of(new Settlement(given.get(2).lease(), new Outcome.Released())));
      first.close();

      assertThat(rig.committed()).isEqualTo(1);
      assertThat(first.settle(List.of(succeeded(given.get(1)))))
          .containsExactly(given.get(1).lease());
      List<LeasedJob> again = rig.take(rig.source(), 2);
      assertThat(again).extracting(KafkaRig::text).containsExactlyInAnyOrder("1", "2");
      assertThat(again).allMatch(j -> j.attempt() == 1);
    }
  }

  @Test
  void aRepeatedSettlementIsNoLoss() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(1);
      JobSource source = rig.source();
      LeasedJob job = rig.take(source, 1).get(0);

      assertThat(source.settle(List.of(succeeded(job)))).isEmpty();
      assertThat(source.settle(List.of(succeeded(job)))).isEmpty();
    }
  }

  @Test
  void aReleasedJobIsGivenAgainWithoutSpendingAnAttempt() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      rig.publish(1);
      JobSource source = rig.source();
      LeasedJob job = rig.take(source, 1).get(0);

      source.settle(List.of(new Settlement(job.lease(), new Outcome.Released())));
      LeasedJob again = rig.take(source, 1).get(0);

      assertThat(again.id()).isEqualTo(job.id());
      assertThat(again.attempt()).isEqualTo(1);
      assertThat(again.lease()).isNotEqualTo(job.lease());
      // The first delivery is over; its lease must not settle the second.
      source.settle(List.of(succeeded(job)));
      KafkaRig.turnFor(Duration.ofSeconds(1), source);
      assertThat(rig.committed()).isZero();
      source.settle(List.of(succeeded(again)));
      rig.turnUntil(() -> rig.committed() == 1, source);
    }
  }

  @Test
  void neverMoreThanTheDemandIsGivenAndTheBufferStaysSmall() throws Exception {
    try (KafkaRig rig = new KafkaRig(b -> b.partitions(2).maxBuffer(10))) {
      rig.publish(300);
      JobSource source = rig.source();
      rig.take(source, 1).forEach(j -> source.settle(List.of(succeeded(j))));

      assertThat(source.turn(Demand.NONE, TICK)).isEmpty();
      assertThat(source.turn(rig.demand(0), TICK)).isEmpty();
      Set<String> seen = new HashSet<>();
      int turns = 0;
      while (seen.size() < 299) {
        List<LeasedJob> given = source.turn(rig.demand(20), TICK);
        assertThat(given.size()).isLessThanOrEqualTo(10);
        given.forEach(j -> assertThat(seen.add(text(j))).isTrue());
        source.settle(given.stream().map(KafkaRig::succeeded).toList());
        assertThat(turns++).isLessThan(400);
      }
      rig.turnUntil(() -> rig.committed() == 300, source);
    }
  }

  @Test
  void aPartitionIsNotReadFartherThanTheSpan() throws Exception {
    try (KafkaRig rig = new KafkaRig(b -> b.partitions(1).maxBuffer(10).maxSpan(20))) {
      rig.publish(100);
      JobSource source = rig.source();
      List<LeasedJob> given = new ArrayList<>(rig.take(source, 1));
      LeasedJob stuck = given.get(0);
      for (int i = 0; i < 30; i++) {
        for (LeasedJob job : source.turn(rig.demand(50), TICK)) {
          given.add(job);
          source.settle(List.of(succeeded(job)));
        }
      }
      assertThat(given.size()).isBetween(20, 30);

      source.settle(List.of(succeeded(stuck)));
      for (int left = 100 - given.size(); left > 0; left--) {
        source.settle(List.of(succeeded(rig.take(source, 1).get(0))));
      }
      rig.turnUntil(() -> rig.committed() == 100, source);
    }
  }

  @Test
  void aWakeEndsAWaitingTurn() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      JobSource source = rig.source();
      rig.publish(1);
      LeasedJob job = rig.take(source, 1).get(0);
      List<Long> millis = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(source::wake);
        long start = System.nanoTime();
        source.turn(rig.demand(1), Duration.ofSeconds(30));
        millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      }

      assertThat(millis).anyMatch(ms -> ms < 400); // a turn that nobody wakes takes 500
      source.wake(); // a wake between turns must not break what follows
      source.settle(List.of(succeeded(job)));
      source.close();
      assertThat(rig.committed()).isEqualTo(1);
    }
  }

  @Test
  void anInterruptedTurnSaysSo() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      JobSource source = rig.source();
      rig.publish(1);
      rig.take(source, 1);
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> source.turn(rig.demand(1), TICK))
          .isInstanceOf(InterruptedException.class);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      source.turn(rig.demand(1), TICK);
    }
  }

  @Test
  void aDelayedJobDoesNotStartBeforeItIsDue() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      Instant published = InstantSource.system().instant();
      rig.transport()
          .publish(
              List.of(
                  rig.job("late", new Due.At(published.plusMillis(3_500)), null),
                  rig.job("soon", new Due.In(Duration.ofMillis(2_000)), null),
                  rig.job("now")));
      JobSource source = rig.source();

      assertThat(text(rig.take(source, 1).get(0))).isEqualTo("now");
      assertThat(text(rig.take(source, 1).get(0))).isEqualTo("soon");
      assertThat(InstantSource.system().instant()).isAfterOrEqualTo(published.plusMillis(2_000));
      LeasedJob late = rig.take(source, 1).get(0); // by way of the 1 s tier, more than once
      assertThat(text(late)).isEqualTo("late");
      assertThat(late.attempt()).isEqualTo(1);
      assertThat(InstantSource.system().instant()).isAfterOrEqualTo(published.plusMillis(3_500));
    }
  }

  @Test
  void aMebibyteGoesThrough() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      String big = "x".repeat(1024 * 1024);
      rig.transport().publish(List.of(rig.job(big), rig.job("")));
      JobSource source = rig.source();

      assertThat(rig.take(source, 2)).extracting(KafkaRig::text).containsExactly(big, "");
    }
  }

  @Test
  void aRecordThatIsTooLargeIsRefusedWithTheSettingToMend() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      assertThatThrownBy(() -> rig.transport().publish(List.of(rig.job("x".repeat(3_000_000)))))
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> assertThat(e.outcome()).isEqualTo(StoreException.Certainty.NOT_DONE))
          .hasMessageContaining("max.request.size");
    }
  }

  @Test
  void aQueueOfAnotherTransportIsRefused() throws Exception {
    try (KafkaRig rig = new KafkaRig(1)) {
      assertThatThrownBy(
              () -> rig.transport().open(Set.of(JobQueue.of("other")), new KafkaRig.Told()))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("other");
    }
  }

  @Test
  void aMissingTopicIsNamedWhenNoneMayBeCreated() throws Exception {
    try (KafkaRig rig = new KafkaRig(b -> b.createTopics(false))) {
      assertThatThrownBy(() -> rig.publish(1))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(rig.dlq())
          .hasMessageContaining("createTopics");
      assertThatThrownBy(() -> rig.source().turn(rig.demand(1), TICK))
          .isInstanceOf(StoreException.class);
    }
  }

  @Test
  void anUnreachableClusterIsAStoreException() {
    KafkaTransportOptions options =
        KafkaTransportOptions.builder("127.0.0.1:1", "g", InstantSource.system(), "q")
            .clientProperty("default.api.timeout.ms", "1500")
            .clientProperty("request.timeout.ms", "1000")
            .build();
    try (KafkaJobTransport transport = KafkaJobTransport.of(options)) {
      assertThatThrownBy(
              () ->
                  transport.publish(
                      List.of(
                          NewJob.of(
                              new dev.jobs4j.api.JobId(java.util.UUID.randomUUID()),
                              "t",
                              JobQueue.of("q"),
                              new dev.jobs4j.spi.Payload("json", "1".getBytes(UTF_8))))))
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> assertThat(e.outcome()).isEqualTo(StoreException.Certainty.NOT_DONE))
          .hasMessageContaining("127.0.0.1:1");
    }
  }
}
