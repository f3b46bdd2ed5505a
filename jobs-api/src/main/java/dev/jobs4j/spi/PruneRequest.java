package dev.jobs4j.spi;

import dev.jobs4j.api.Retention;

/**
 * What to delete.
 *
 * @param retention how long what is over is kept
 * @param limit at most so many of each kind in one call, ≥ 1
 */
public record PruneRequest(Retention retention, int limit) {
  /** Checks the ranges. */
  public PruneRequest {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be >= 1, was " + limit);
    }
  }
}
