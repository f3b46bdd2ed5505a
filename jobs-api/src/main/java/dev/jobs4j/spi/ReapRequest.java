package dev.jobs4j.spi;

import java.time.Duration;

/**
 * How to take jobs back from dead engines.
 *
 * @param grace how long an expired engine lease is left alone
 * @param limit at most so many jobs in one call, ≥ 1
 * @param maxCrashes how many crashes of its own a suspect is allowed, ≥ 0
 */
public record ReapRequest(Duration grace, int limit, int maxCrashes) {
  /** Checks the ranges. */
  public ReapRequest {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace must not be negative, was " + grace);
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be >= 1, was " + limit);
    }
    if (maxCrashes < 0) {
      throw new IllegalArgumentException("maxCrashes must be >= 0, was " + maxCrashes);
    }
  }
}
