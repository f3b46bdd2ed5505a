package dev.jobs4j.spi;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;

/**
 * An engine as it introduces itself to a store.
 *
 * @param id this life's id
 * @param name for people: the host name unless set; two engines may share it, it decides nothing
 * @param version the version of this library
 * @param lease how long the engine counts as alive after a renewal, ≥ 1 ms
 */
public record EngineInfo(EngineId id, String name, String version, Duration lease) {
  /** A lease below a millisecond is refused. */
  public EngineInfo {
    if (lease.toMillis() < 1) {
      throw new InvalidJobException("lease must be >= 1 ms, was " + lease);
    }
  }
}
