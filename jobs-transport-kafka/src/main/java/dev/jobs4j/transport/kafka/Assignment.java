package dev.jobs4j.transport.kafka;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Demand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that one source owns now. Each gets an epoch when it is assigned; whatever carries
 * another epoch touches nothing. Thread-safe: the source's thread moves partitions in and out while
 * others settle. The one lock is this object; nothing is called out to under it.
 */
final class Assignment {

  /** What a lease is worth. */
  enum Standing {
    /** Held, and from now on being settled by whoever asked. */
    TAKEN,
    /** Being settled by another thread. */
    BUSY,
    /** Settled before. */
    SETTLED,
    /** Its partition was taken away since. */
    LOST
  }

  /** A lease's worth, with its delivery if it was {@link Standing#TAKEN}. */
  record Claim(Standing standing, @Nullable Delivery delivery) {}

  /** What an epoch left: the leases that end with it and what may be committed. */
  record Ended(List<KafkaLease> leases, List<CommitPoint> points) {}

  /** Where a partition's group may start after us. */
  record CommitPoint(TopicPartition partition, long epoch, long offset) {}

  private final TopicPlan topics;
  private final Map<TopicPartition, AssignedPartition> owned = new LinkedHashMap<>();
  private final Set<KafkaLease> settling = new HashSet<>();
  private final Set<KafkaLease> relaying = new HashSet<>();
  private long epochs;
  private int turn;

  Assignment(TopicPlan topics) {
    this.topics = topics;
  }

  /** Starts a new epoch of each partition, also of one that was not seen to leave. */
  synchronized void assign(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      owned.put(
          partition, new AssignedPartition(partition, topics.queueOf(partition.topic()), ++epochs));
    }
  }

  /**
   * Ends the epoch of each partition. What was completed until now is in the commit points, what is
   * settled later is lost: in one step, so that no settlement is accepted and then not committed.
   */
  synchronized Ended end(Collection<TopicPartition> partitions) {
    Ended ended = new Ended(given(partitions), commitPoints(partitions));
    partitions.forEach(owned::remove);
    settling.removeIf(lease -> !owned.containsKey(lease.partition()));
    relaying.removeIf(lease -> !owned.containsKey(lease.partition()));
    return ended;
  }

  /** The leases that the engine holds; those that the source relays itself are not among them. */
  synchronized List<KafkaLease> given(Collection<TopicPartition> partitions) {
    List<KafkaLease> leases = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      AssignedPartition p = owned.get(partition);
      if (p != null) {
        p.given().stream()
            .map(Delivery::lease)
            .filter(lease -> !relaying.contains(lease))
            .forEach(leases::add);
      }
    }
    return leases;
  }

  synchronized Set<TopicPartition> partitions() {
    return Set.copyOf(owned.keySet());
  }

  /** The epoch of a partition; empty if it is not ours. */
  synchronized OptionalLong epoch(TopicPartition partition) {
    AssignedPartition p = owned.get(partition);
    return p == null ? OptionalLong.empty() : OptionalLong.of(p.epoch);
  }

  /**
   * Takes a fetched record in, unless its partition has begun another epoch since the fetch: a
   * record of the old one would be completed in the books of the new one.
   */
  synchronized boolean insert(
      ConsumerRecord<byte[], byte[]> record, long epoch, @Nullable Instant holdUntil) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    AssignedPartition p = owned.get(partition);
    if (p == null || p.epoch != epoch || !p.offsets.receive(record.offset())) {
      return false;
    }
    KafkaLease lease = new KafkaLease(partition, record.offset(), epoch, 1);
    p.add(new Delivery(lease, record, holdUntil));
    return true;
  }

  /** Gives the next delivery of a queue out, its partitions taking turns; null if none is ready. */
  synchronized @Nullable Delivery take(JobQueue queue, Instant now) {
    List<AssignedPartition> mine = new ArrayList<>();
    for (AssignedPartition p : owned.values()) {
      if (p.queue.equals(queue) && p.isReady(now)) {
        mine.add(p);
      }
    }
    if (mine.isEmpty()) {
      return null;
    }
    turn = (turn + 1) & Integer.MAX_VALUE;
    return mine.get(turn % mine.size()).take(now);
  }

  /** Whether something that is wanted could be given now. */
  synchronized boolean isReady(Demand demand, Instant now) {
    return owned.values().stream().anyMatch(p -> demand.of(p.queue) > 0 && p.isReady(now));
  }

  /** Notes that the source itself hands this one on; the engine never saw it. */
  synchronized void relay(KafkaLease lease) {
    relaying.add(lease);
  }

  /** Claims the right to settle a lease; {@link #abandon} or a settlement ends it. */
  synchronized Claim claim(KafkaLease lease) {
    AssignedPartition p = owned.get(lease.partition());
    if (p == null || p.epoch != lease.epoch()) {
      return new Claim(Standing.LOST, null);
    }
    Delivery delivery = p.given(lease);
    if (delivery == null) {
      return new Claim(Standing.SETTLED, null);
    }
    return settling.add(lease)
        ? new Claim(Standing.TAKEN, delivery)
        : new Claim(Standing.BUSY, null);
  }

  /** Leaves a claimed lease unsettled. */
  synchronized void abandon(KafkaLease lease) {
    settling.remove(lease);
  }

  /** Marks a record done; false if its lease was lost meanwhile. */
  synchronized boolean complete(KafkaLease lease) {
    settling.remove(lease);
    relaying.remove(lease);
    AssignedPartition p = owned.get(lease.partition());
    if (p == null || p.epoch != lease.epoch()) {
      return false;
    }
    p.complete(lease);
    return true;
  }

  /** Puts a record back to be given out again, not before {@code holdUntil} if that is given. */
  synchronized boolean giveBack(KafkaLease lease, @Nullable Instant holdUntil) {
    settling.remove(lease);
    relaying.remove(lease);
    AssignedPartition p = owned.get(lease.partition());
    if (p == null || p.epoch != lease.epoch()) {
      return false;
    }
    p.giveBack(lease, holdUntil);
    return true;
  }

  /** The commit points that have risen since the broker last kept them. */
  synchronized List<CommitPoint> commitPoints(Collection<TopicPartition> partitions) {
    List<CommitPoint> points = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      AssignedPartition p = owned.get(partition);
      if (p != null) {
        p.offsets.commitPoint().ifPresent(o -> points.add(new CommitPoint(partition, p.epoch, o)));
      }
    }
    return points;
  }

  /** The broker has kept these; one of an epoch that has ended is none of our books' business. */
  synchronized void committed(List<CommitPoint> points) {
    for (CommitPoint point : points) {
      AssignedPartition p = owned.get(point.partition());
      if (p != null && p.epoch == point.epoch()) {
        p.offsets.committed(point.offset());
      }
    }
  }

  /**
   * The partitions that must not be fetched from now: the first record waits for its time, the
   * oldest open record is too far behind, or half of its queue's buffer is full. A fetch adds at
   * most the other half.
   */
  synchronized Set<TopicPartition> paused(Instant now, int maxSpan, int maxBuffer) {
    Map<JobQueue, Integer> waiting = new HashMap<>();
    for (AssignedPartition p : owned.values()) {
      if (p.heldUntil(now) == null) {
        waiting.merge(p.queue, p.waiting(), Integer::sum);
      }
    }
    Set<TopicPartition> paused = new HashSet<>();
    for (AssignedPartition p : owned.values()) {
      if (p.heldUntil(now) != null
          || p.offsets.span() >= maxSpan
          || waiting.getOrDefault(p.queue, 0) > maxBuffer / 2) {
        paused.add(p.partition);
      }
    }
    return paused;
  }

  /** When the first of the held partitions has something to give. */
  synchronized Optional<Instant> nextDue(Instant now) {
    Instant next = null;
    for (AssignedPartition p : owned.values()) {
      Instant held = p.heldUntil(now);
      if (held != null && (next == null || held.isBefore(next))) {
        next = held;
      }
    }
    return Optional.ofNullable(next);
  }
}
