package dev.jobs4j.transport.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.transport.kafka.Assignment.CommitPoint;
import dev.jobs4j.transport.kafka.Assignment.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentTest {
  private static final JobQueue QUEUE = JobQueue.of("q");
  private static final TopicPartition P0 = new TopicPartition("q", 0);
  private static final TopicPartition P1 = new TopicPartition("q", 1);
  private static final TopicPartition RETRY = new TopicPartition("q.g.retry.1s", 0);
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final Assignment assignment =
      new Assignment(new TopicPlan("g", Set.of(QUEUE), List.of(Duration.ofSeconds(1))));

  private long assign(TopicPartition partition) {
    assignment.assign(List.of(partition));
    return assignment.epoch(partition).orElseThrow();
  }

  private boolean insert(TopicPartition p, long offset, long epoch) {
    return assignment.insert(record(p, offset), epoch, null);
  }

  private static ConsumerRecord<byte[], byte[]> record(TopicPartition p, long offset) {
    return new ConsumerRecord<>(p.topic(), p.partition(), offset, null, new byte[0]);
  }

  private KafkaLease take() {
    Delivery delivery = assignment.take(QUEUE, NOW);
    return delivery == null ? null : delivery.lease();
  }

  @Test
  void aRecordFetchedUnderAnEarlierEpochIsNotTakenIn() {
    long first = assign(P0);
    assignment.end(List.of(P0));
    long second = assign(P0);

    assertThat(insert(P0, 7, first)).isFalse();
    assertThat(take()).isNull();
    assertThat(insert(P0, 7, second)).isTrue();
    assertThat(take()).isNotNull();
  }

  @Test
  void anAssignmentWithoutARevocationBeforeItStartsAnEpochToo() {
    insert(P0, 1, assign(P0));
    KafkaLease stale = take();

    assign(P0);

    assertThat(assignment.claim(stale).standing()).isEqualTo(Standing.LOST);
  }

  @Test
  void anEndThatComesBetweenClaimAndCompletionWins() {
    insert(P0, 1, assign(P0));
    KafkaLease stale = take();
    assertThat(assignment.claim(stale).standing()).isEqualTo(Standing.TAKEN);
    assertThat(assignment.claim(stale).standing()).isEqualTo(Standing.BUSY);
    assignment.end(List.of(P0));
    insert(P0, 1, assign(P0));
    KafkaLease current = take();

    assertThat(assignment.complete(stale)).isFalse();
    assertThat(assignment.giveBack(stale, null)).isFalse();
    assertThat(assignment.commitPoints(List.of(P0))).isEmpty();
    assertThat(assignment.complete(current)).isTrue();
    assertThat(assignment.commitPoints(List.of(P0)))
        .containsExactly(new CommitPoint(P0, current.epoch(), 2));
  }

  @Test
  void aCommitOfAnEarlierEpochTellsThisOneNothing() {
    long first = assign(P0);
    insert(P0, 1, assign(P0));
    assignment.complete(take());

    assignment.committed(List.of(new CommitPoint(P0, first, 50)));

    assertThat(assignment.commitPoints(List.of(P0))).hasSize(1);
  }

  @Test
  void theEndTellsWhatIsOutAndWhatMayBeCommitted() {
    long epoch = assign(P0);
    insert(P0, 1, epoch);
    insert(P0, 2, epoch);
    insert(P0, 3, epoch);
    KafkaLease one = take();
    KafkaLease two = take();
    assignment.complete(one);

    Assignment.Ended ended = assignment.end(List.of(P0, P1));

    assertThat(ended.leases()).containsExactly(two);
    assertThat(ended.points()).containsExactly(new CommitPoint(P0, epoch, 2));
    assertThat(assignment.partitions()).isEmpty();
  }

  @Test
  void whatTheSourceRelaysItselfIsNoLeaseOfTheEngine() {
    insert(P0, 1, assign(P0));
    KafkaLease relayed = take();
    assignment.relay(relayed);

    assertThat(assignment.given(List.of(P0))).isEmpty();
  }

  @Test
  void partitionsTakeTurns() {
    long e0 = assign(P0);
    long e1 = assign(P1);
    for (int i = 0; i < 10; i++) {
      insert(P0, i, e0);
      insert(P1, i, e1);
    }
    List<TopicPartition> order = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      order.add(take().partition());
    }

    assertThat(order).filteredOn(P0::equals).hasSize(5);
  }

  @Test
  void aHeldRecordKeepsItsPartitionButNotItsQueue() {
    long retry = assign(RETRY);
    assignment.insert(record(RETRY, 0), retry, NOW.plusSeconds(1));
    assignment.insert(record(RETRY, 1), retry, null);
    insert(P0, 0, assign(P0));
    Demand one = new Demand(Map.of(QUEUE, 1), false);

    assertThat(assignment.isReady(one, NOW)).isTrue();
    assertThat(take().partition()).isEqualTo(P0);
    assertThat(take()).isNull();
    assertThat(assignment.isReady(one, NOW)).isFalse();
    assertThat(assignment.nextDue(NOW)).contains(NOW.plusSeconds(1));
    assertThat(assignment.paused(NOW, 100, 100)).containsExactly(RETRY);
    assertThat(assignment.paused(NOW.plusSeconds(1), 100, 100)).isEmpty();
    assertThat(assignment.take(QUEUE, NOW.plusSeconds(1))).isNotNull();
  }

  @Test
  void aFullBufferPausesItsQueueAndASpanItsPartition() {
    long e0 = assign(P0);
    assign(P1);
    for (int i = 0; i < 5; i++) {
      insert(P0, i, e0);
    }
    assertThat(assignment.paused(NOW, 100, 10)).isEmpty();
    assertThat(assignment.paused(NOW, 5, 10)).containsExactly(P0);
    insert(P0, 5, e0);
    assertThat(assignment.paused(NOW, 100, 10)).containsExactlyInAnyOrder(P0, P1);
  }

  /** Against a model: no commit point ever passes a record that was not completed in its epoch. */
  @ParameterizedTest
  @ValueSource(longs = {1, 0})
  void aThousandAssignmentsLoseNothing(long fixed) {
    long seed = fixed == 0 ? System.nanoTime() : fixed;
    Random random = new Random(seed);
    long committed = 0;
    List<KafkaLease> everGiven = new ArrayList<>();
    boolean[] done = new boolean[20_000];
    for (int cycle = 0; cycle < 1_000; cycle++) {
      long epoch = assign(P0);
      long next = committed;
      for (int step = 0; step < random.nextInt(30); step++) {
        switch (random.nextInt(5)) {
          case 0, 1 -> insert(P0, next++, epoch);
          case 2 -> {
            KafkaLease lease = take();
            if (lease != null) {
              everGiven.add(lease);
            }
          }
          case 3 -> {
            if (!everGiven.isEmpty()) {
              int back = Math.min(everGiven.size(), 40);
              KafkaLease lease = everGiven.get(everGiven.size() - 1 - random.nextInt(back));
              boolean current = lease.epoch() == epoch;
              assertThat(assignment.claim(lease).standing() != Standing.LOST)
                  .as("seed %d", seed)
                  .isEqualTo(current);
              if (assignment.complete(lease)) {
                assertThat(current).as("seed %d", seed).isTrue();
                done[(int) lease.offset()] = true;
              }
            }
          }
          default -> {
            List<CommitPoint> points = assignment.commitPoints(List.of(P0));
            if (!points.isEmpty()) {
              committed = check(points.get(0), committed, done, seed);
              assignment.committed(points);
            }
          }
        }
      }
      for (CommitPoint point : assignment.end(List.of(P0)).points()) {
        if (random.nextBoolean()) { // else the partition was lost, and nothing was committed
          committed = check(point, committed, done, seed);
        }
      }
    }
  }

  private static long check(CommitPoint point, long committed, boolean[] done, long seed) {
    assertThat(point.offset()).as("seed %d", seed).isGreaterThan(committed);
    for (long offset = committed; offset < point.offset(); offset++) {
      assertThat(done[(int) offset]).as("seed %d, offset %d", seed, offset).isTrue();
    }
    return point.offset();
  }
}
