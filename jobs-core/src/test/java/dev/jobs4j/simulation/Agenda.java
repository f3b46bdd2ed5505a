package dev.jobs4j.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Made-up time, and what is to happen in it, one after the other. */
final class Agenda implements InstantSource {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /**
   * Something that is to happen.
   *
   * @param order decides among what is due at once
   * @param of the node that does it, or null if it happens by itself
   */
  record Event(long at, long order, @Nullable Node of, Runnable action)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now;
  private long order;
  private long happened;
  private Duration skew = Duration.ZERO;

  long nanos() {
    return now;
  }

  long happened() {
    return happened;
  }

  /** The store's clock, which is the true one unless a bug reads another. */
  @Override
  public Instant instant() {
    return START.plusNanos(now).plus(skew);
  }

  /** Has the store's clock read something else from now on. */
  void skew(Duration by) {
    skew = by;
  }

  /** The date at a moment of made-up time. */
  Instant instant(long nanos) {
    return START.plusNanos(nanos);
  }

  void in(Duration delay, Runnable action) {
    in(delay, null, action);
  }

  /** What a node does comes later if it is frozen by then, and never if it is gone. */
  void in(Duration delay, @Nullable Node of, Runnable action) {
    in(delay, ++order, of, action);
  }

  /** The same for what may be asked for in any order: {@code place} says which comes first. */
  void in(Duration delay, long place, @Nullable Node of, Runnable action) {
    long at = now + Math.max(0, delay.toMillis()) * 1_000_000;
    events.add(new Event(at, place, of, action));
  }

  /** Has the next thing happen; false if there is none, or none before {@code end}. */
  boolean next(long end) {
    Event event = events.peek();
    if (event == null || event.at() > end) {
      now = Math.max(now, end);
      return false;
    }
    events.remove();
    now = event.at();
    Node node = event.of();
    if (node == null) {
      happened++;
      event.action().run();
    } else if (!node.isGone()) {
      Duration frozen = node.frozen();
      if (frozen.isZero()) {
        happened++;
        event.action().run();
      } else {
        in(frozen, event.order(), node, event.action());
      }
    }
    return true;
  }
}
