package dev.jobs4j.transport.kafka;

import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Which offsets of one partition are done, in one assignment. The commit point follows from
 * completed offsets alone, never from the highest one seen, and only ever rises. Offsets that were
 * never received (compacted away, markers of transactions) hold nothing up. Not thread-safe.
 */
final class PartitionOffsets {
  private static final long NONE = -1;

  private final TreeSet<Long> incomplete = new TreeSet<>();
  private long highestReceived = NONE;
  private long maxCompleted = NONE;
  private long committed = NONE;

  /**
   * Takes note of a record.
   *
   * @return false if it, or one behind it, was received before
   */
  boolean receive(long offset) {
    if (offset <= highestReceived) {
      return false;
    }
    if (highestReceived == NONE) {
      committed = offset; // this is where the group stood; committing it again would tell nothing
    }
    highestReceived = offset;
    incomplete.add(offset);
    return true;
  }

  /** Marks a record done; false if it was not open. */
  boolean complete(long offset) {
    if (!incomplete.remove(offset)) {
      return false;
    }
    maxCompleted = Math.max(maxCompleted, offset);
    return true;
  }

  /** The offset to commit: everything before it is done; empty if that is nothing new. */
  OptionalLong commitPoint() {
    if (maxCompleted == NONE) {
      return OptionalLong.empty();
    }
    long point = incomplete.isEmpty() ? maxCompleted + 1 : incomplete.first();
    return point > committed ? OptionalLong.of(point) : OptionalLong.empty();
  }

  /** Takes note that the broker has kept this commit point. */
  void committed(long point) {
    committed = Math.max(committed, point);
  }

  /** How far the records reach beyond the oldest open one; 0 if none is open. */
  long span() {
    return incomplete.isEmpty() ? 0 : highestReceived + 1 - incomplete.first();
  }
}
