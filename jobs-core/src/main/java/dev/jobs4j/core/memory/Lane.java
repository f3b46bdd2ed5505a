package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobState;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Pending jobs of one queue, kind and priority, the longest due first. Jobs mostly come in that
 * very order, so they are a line that is added to at its end; only the others are a heap. A job
 * that is called off or has expired stays in it until it is met at the head.
 */
final class Lane {

  private static final Comparator<Row> LONGEST_DUE =
      (a, b) -> a.runAt != b.runAt ? Long.compare(a.runAt, b.runAt) : a.id().compareTo(b.id());

  private final ArrayDeque<Row> inOrder = new ArrayDeque<>();
  private final PriorityQueue<Row> others = new PriorityQueue<>(LONGEST_DUE);
  private int stale;

  static boolean isBefore(Row a, Row b) {
    return LONGEST_DUE.compare(a, b) < 0;
  }

  void add(Row row) {
    if (inOrder.isEmpty() || isBefore(inOrder.getLast(), row)) {
      inOrder.addLast(row);
    } else {
      others.add(row);
    }
  }

  /** The longest due job, or null if none is due. */
  @Nullable Row peek(long now) {
    Row a = peek(inOrder, now);
    Row b = peek(others, now);
    Row first = a == null || (b != null && isBefore(b, a)) ? b : a;
    return first == null || first.runAt > now ? null : first;
  }

  boolean isEmpty() {
    return inOrder.isEmpty() && others.isEmpty();
  }

  /** Takes the job that {@link #peek} has shown. */
  void remove(Row head) {
    if (inOrder.peek() == head) {
      inOrder.remove();
    } else {
      others.remove();
    }
  }

  /**
   * A job in it was called off or superseded; once they are the greater part, they are swept out.
   */
  void calledOff() {
    stale++;
    if (stale > 1_000 && stale > (inOrder.size() + others.size()) / 2) {
      inOrder.removeIf(Lane::isStale);
      others.removeIf(Lane::isStale);
      stale = 0;
    }
  }

  private @Nullable Row peek(Queue<Row> part, long now) {
    Row row = part.peek();
    while (row != null && (isStale(row) || row.isExpired(now))) {
      part.remove();
      stale -= isStale(row) ? 1 : 0;
      row = part.peek();
    }
    return row;
  }

  private static boolean isStale(Row row) {
    return row.superseded || row.state != JobState.PENDING;
  }
}
