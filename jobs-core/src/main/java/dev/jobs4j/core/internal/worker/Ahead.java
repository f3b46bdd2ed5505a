package dev.jobs4j.core.internal.worker;

import java.time.Duration;

/**
 * How many jobs of a queue to have at hand beyond its slots: what these do in 20 ms, by how long
 * jobs took of late. So that is hundreds where jobs take no time, and none where they take seconds:
 * these wait in the store, where another engine can have them. Not thread-safe; {@link Slots}
 * guards it.
 */
final class Ahead {

  /** After so long at hand a job goes back to its store. */
  static final Duration LONGEST = Duration.ofMillis(100);

  /**
   * After so long at hand a job is not started: its engine has been frozen, and another may have
   * it.
   */
  static final Duration FORGOTTEN = Duration.ofSeconds(1);

  /** More would not make claims cheaper, and be lost at a crash. */
  private static final int MOST = 2_000;

  private static final double WORTH_NANOS = 20e6;

  /** So many bytes of payload at hand, by how large they were of late. */
  private static final double MOST_BYTES = 16 << 20;

  /** What one job changes of what is known. */
  private static final double WEIGHT = 1 / 16.0;

  private final int slots;
  private final int limit;
  private double most;
  private double took;
  private double bytes;
  private boolean stuck;

  private Ahead(int slots, int limit) {
    this.slots = slots;
    this.limit = limit;
    most = limit;
  }

  /** For so many slots. */
  static Ahead of(int slots) {
    return new Ahead(slots, MOST);
  }

  /** Never any, for queues whose jobs are given out by turns. */
  static Ahead none() {
    return new Ahead(0, 0);
  }

  /** A job has come with a payload of so many bytes. */
  void came(int size) {
    bytes = Math.max(size, bytes + (size - bytes) * WEIGHT);
  }

  /**
   * A job has run for so long; one that did not start, or a clock that stands still, says nothing.
   */
  void ran(Duration time) {
    if (time.isZero()) {
      return;
    }
    took = took == 0 ? time.toNanos() : took + (time.toNanos() - took) * WEIGHT;
    most = Math.min(limit, most + 1);
    stuck = false;
  }

  /** Some went back: things are slower than they look, and none should come until one has run. */
  void wentBack() {
    most /= 2;
    stuck = true;
  }

  /** How many to have at hand. */
  int target() {
    if (took == 0 || stuck) {
      return 0;
    }
    return (int)
        Math.min(Math.min(most, MOST_BYTES / Math.max(bytes, 1)), slots * WORTH_NANOS / took);
  }
}
