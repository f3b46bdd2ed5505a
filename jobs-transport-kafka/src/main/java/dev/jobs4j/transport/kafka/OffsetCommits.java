package dev.jobs4j.transport.kafka;

import dev.jobs4j.transport.kafka.Assignment.CommitPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what the assignment says is done. A commit that fails is not repeated: the next one
 * carries the same and more, and what was not committed runs again. Used by the source's thread
 * alone.
 */
final class OffsetCommits {
  private static final Logger log = LoggerFactory.getLogger(OffsetCommits.class);
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final Duration SYNC_LIMIT = Duration.ofSeconds(5);

  private final Assignment assignment;
  private boolean inFlight;
  private Instant last = Instant.MIN;

  OffsetCommits(Assignment assignment) {
    this.assignment = assignment;
  }

  /** Forgets a commit whose consumer is gone. */
  void reset() {
    inFlight = false;
    last = Instant.MIN;
  }

  /** Starts a commit if there is something new, none is on its way and the last is a while ago. */
  void tick(Consumer<byte[], byte[]> consumer, Instant now) {
    // A clock that was set back must not hold commits up.
    boolean tooSoon = !now.isBefore(last) && now.isBefore(last.plus(INTERVAL));
    if (inFlight || (!last.equals(Instant.MIN) && tooSoon)) {
      return;
    }
    List<CommitPoint> points = assignment.commitPoints(assignment.partitions());
    if (points.isEmpty()) {
      return;
    }
    last = now;
    inFlight = true;
    try {
      consumer.commitAsync(offsets(points), (offsets, error) -> finished(points, error));
    } catch (KafkaException e) {
      inFlight = false;
      throw e;
    }
  }

  private void finished(List<CommitPoint> points, @Nullable Exception error) {
    inFlight = false;
    if (error == null) {
      assignment.committed(points);
    } else if (error instanceof RebalanceInProgressException) {
      log.debug("Commit met a rebalance, the next one carries it: points={}", points);
    } else {
      log.warn("Commit failed, the next one carries it: points={}", points, error);
    }
  }

  /**
   * Commits before partitions are given up; a failure means that their last jobs run again.
   *
   * @return false if the group is in a rebalance, which ends by polling: then it is worth a repeat
   */
  boolean sync(Consumer<byte[], byte[]> consumer, List<CommitPoint> points) {
    while (!points.isEmpty()) {
      try {
        consumer.commitSync(offsets(points), SYNC_LIMIT);
        assignment.committed(points);
        return true;
      } catch (WakeupException e) {
        log.debug("Commit was woken, again: points={}", points); // each wake is thrown once
      } catch (RebalanceInProgressException e) {
        log.info("Commit met a rebalance: points={}", points);
        return false;
      } catch (KafkaException e) {
        log.warn("Commit failed, these jobs will run again: points={}", points, e);
        return true;
      }
    }
    return true;
  }

  private static Map<TopicPartition, OffsetAndMetadata> offsets(List<CommitPoint> points) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    points.forEach(p -> offsets.put(p.partition(), new OffsetAndMetadata(p.offset())));
    return offsets;
  }
}
