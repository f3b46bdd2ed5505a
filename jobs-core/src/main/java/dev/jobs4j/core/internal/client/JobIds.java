package dev.jobs4j.core.internal.client;

import dev.jobs4j.api.JobId;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Makes UUIDv7 (RFC 9562, method 3): 48 bits of milliseconds, then 12 bits of a counter that starts
 * random each millisecond, then 62 random bits. Ids of one maker strictly increase, also within a
 * millisecond and when the clock steps back. Thread-safe.
 */
public final class JobIds {

  private static final int COUNTER_BITS = 12;

  private final InstantSource clock;
  private final LongSupplier random;
  private long last; // milliseconds and counter in one number; guarded by this

  /** Times from {@code clock}, randomness from {@code random} (all 64 bits are used). */
  public JobIds(InstantSource clock, LongSupplier random) {
    this.clock = clock;
    this.random = random;
  }

  /** The next id. */
  public JobId next() {
    return next(1);
  }

  /** The first of {@code count} ids that follow each other; see {@link #nth}. */
  public JobId next(int count) {
    long time = next(clock.millis(), count);
    long high = ((time >>> COUNTER_BITS) << 16) | 0x7000 | (time & ((1 << COUNTER_BITS) - 1));
    long low = (random.getAsLong() >>> 2) | Long.MIN_VALUE;
    return new JobId(new UUID(high, low));
  }

  /** The n-th id behind the first of those that were made to follow each other. */
  public static JobId nth(JobId first, int n) {
    if (n == 0) {
      return first; // whoever made it
    }
    long high = first.value().getMostSignificantBits();
    long low = first.value().getLeastSignificantBits();
    long counter = (1L << COUNTER_BITS) - 1;
    long time = ((high >>> 16) << COUNTER_BITS | (high & counter)) + n;
    long next = ((time >>> COUNTER_BITS) << 16) | (high & 0xF000) | (time & counter);
    return new JobId(new UUID(next, ((low + n) & (Long.MAX_VALUE >>> 1)) | Long.MIN_VALUE));
  }

  private synchronized long next(long millis, int count) {
    // The counter starts in the lower half of its range, so that it rarely spills into the next
    // millisecond; if it does, the ids run a little ahead of the clock and stay in order.
    long fresh = (millis << COUNTER_BITS) | (random.getAsLong() >>> (64 - COUNTER_BITS + 1));
    long first = Math.max(last + 1, fresh);
    last = first + count - 1;
    return first;
  }
}
