package dev.jobs4j.spi;

import dev.jobs4j.api.Retention;
import org.jspecify.annotations.Nullable;

/**
 * What to delete.
 *
 * @param retention how long what is over is kept
 * @param archive what takes jobs over before they go; null if nothing does, and always null for a
 *     store without {@link Capability#ARCHIVE}
 * @param limit at most so many of each kind in one call, ≥ 1
 */
public record PruneRequest(Retention retention, @Nullable JobArchive archive, int limit) {
  /** Checks the ranges. */
  public PruneRequest {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be >= 1, was " + limit);
    }
  }

  /** What to delete without keeping it elsewhere. */
  public PruneRequest(Retention retention, int limit) {
    this(retention, null, limit);
  }
}
