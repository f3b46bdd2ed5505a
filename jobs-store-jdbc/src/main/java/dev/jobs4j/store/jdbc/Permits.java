package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.spi.Pace;
import org.jspecify.annotations.Nullable;

/**
 * How a key stands whose row this transaction has locked. Times are microseconds since 1970.
 * Immutable.
 */
final class Permits {

  private final @Nullable JobLimit limit;
  private final long now;
  private final int running;
  private final long mark;
  private final boolean taken;

  Permits(@Nullable JobLimit limit, int running, long mark, long now) {
    this(limit, running, mark, now, false);
  }

  private Permits(@Nullable JobLimit limit, int running, long mark, long now, boolean taken) {
    this.limit = limit;
    this.running = running;
    this.mark = mark;
    this.now = now;
    this.taken = taken;
  }

  /** Whether another job may start now. */
  boolean isOpen() {
    return !isFull() && opensAt() <= now;
  }

  /** Whether one that runs must end first. */
  boolean isFull() {
    return limit != null && limit.running() != null && running >= limit.running();
  }

  /** From when on its rate lets another start. */
  long opensAt() {
    return limit == null || limit.rate() == null || mark == Long.MIN_VALUE
        ? now
        : Pace.of(limit.rate()).opensAt(mark);
  }

  /** How many more may start now, at most {@code most}. */
  int left(int most) {
    int free = limit == null || limit.running() == null ? most : limit.running() - running;
    int left = 0;
    for (long next = mark; left < Math.min(free, most); left++) {
      if (limit != null && limit.rate() != null) {
        if (next != Long.MIN_VALUE && Pace.of(limit.rate()).opensAt(next) > now) {
          break;
        }
        next = Pace.of(limit.rate()).next(next, now);
      }
    }
    return left;
  }

  /** How it stands once one more has started. */
  Permits take() {
    long next =
        limit == null || limit.rate() == null ? mark : Pace.of(limit.rate()).next(mark, now);
    return new Permits(limit, running + 1, next, now, true);
  }

  /** The mark to be written, or null if it is as it was. */
  @Nullable Long newMark() {
    return taken && limit != null && limit.rate() != null ? mark : null;
  }

  long now() {
    return now;
  }
}
