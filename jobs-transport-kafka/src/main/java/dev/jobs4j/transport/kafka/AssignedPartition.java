package dev.jobs4j.transport.kafka;

import dev.jobs4j.api.JobQueue;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition in one assignment: what waits, what was given out, what is done. Not thread-safe.
 */
final class AssignedPartition {
  final TopicPartition partition;
  final JobQueue queue;
  final long epoch;
  final PartitionOffsets offsets = new PartitionOffsets();

  private final Deque<Delivery> waiting = new ArrayDeque<>();
  private final Map<Long, Delivery> given = new HashMap<>();

  AssignedPartition(TopicPartition partition, JobQueue queue, long epoch) {
    this.partition = partition;
    this.queue = queue;
    this.epoch = epoch;
  }

  void add(Delivery delivery) {
    waiting.addLast(delivery);
  }

  /** The next delivery, or null if none waits or the first may not leave yet. */
  @Nullable Delivery take(Instant now) {
    Delivery head = waiting.peekFirst();
    if (head == null || head.isHeld(now)) {
      return null;
    }
    waiting.removeFirst();
    given.put(head.lease().offset(), head);
    return head;
  }

  /** What this lease was given out with; null once that has been settled. */
  @Nullable Delivery given(KafkaLease lease) {
    Delivery delivery = given.get(lease.offset());
    return delivery != null && delivery.lease().equals(lease) ? delivery : null;
  }

  void complete(KafkaLease lease) {
    given.remove(lease.offset());
    offsets.complete(lease.offset());
  }

  /** Puts a delivery back in front. */
  void giveBack(KafkaLease lease, @Nullable Instant holdUntil) {
    Delivery delivery = given.remove(lease.offset());
    if (delivery != null) {
      waiting.addFirst(delivery.again(holdUntil));
    }
  }

  Collection<Delivery> given() {
    return given.values();
  }

  int waiting() {
    return waiting.size();
  }

  /** Until when the first in line keeps its place, if it does. */
  @Nullable Instant heldUntil(Instant now) {
    Delivery head = waiting.peekFirst();
    return head != null && head.isHeld(now) ? head.holdUntil() : null;
  }

  boolean isReady(Instant now) {
    Delivery head = waiting.peekFirst();
    return head != null && !head.isHeld(now);
  }
}
