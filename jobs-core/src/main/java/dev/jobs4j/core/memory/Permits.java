package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.spi.Pace;
import org.jspecify.annotations.Nullable;

/** What is taken of the permits of one key. Guarded by the store's lock. */
final class Permits {

  /** When a key opens that waits for a job to end. */
  static final long UNTIL_ONE_ENDS = Long.MAX_VALUE;

  int running;
  private long mark = Long.MIN_VALUE;

  /** From when on the next job may start; at once if there is no limit any more. */
  long opensAt(@Nullable JobLimit limit) {
    if (limit == null) {
      return Long.MIN_VALUE;
    }
    if (limit.running() != null && running >= limit.running()) {
      return UNTIL_ONE_ENDS;
    }
    return limit.rate() == null || mark == Long.MIN_VALUE
        ? Long.MIN_VALUE
        : Pace.of(limit.rate()).opensAt(mark);
  }

  void take(@Nullable JobLimit limit, long now) {
    running++;
    if (limit != null && limit.rate() != null) {
      mark = Pace.of(limit.rate()).next(mark, now);
    }
  }

  /** Forgets the starts so far. */
  void beginAnew() {
    mark = Long.MIN_VALUE;
  }

  /** Whether nothing is known of it that a new one would not say as well. */
  boolean isIdle(long now) {
    return running == 0 && mark <= now;
  }
}
