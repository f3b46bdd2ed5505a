package dev.jobs4j.spi;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import java.time.Duration;
import java.util.Map;

/**
 * An engine as it introduces itself to a store.
 *
 * @param id this life's id
 * @param name for people: the host name unless set; two engines may share it, it decides nothing
 * @param version the version of this library
 * @param lease how long the engine counts as alive after a renewal, ≥ 1 ms
 * @param queues those it works, with how many jobs of each it runs at once
 * @param types the kinds it knows, each with the newest version of its payload that it reads
 */
public record EngineInfo(
    EngineId id,
    String name,
    String version,
    Duration lease,
    Map<JobQueue, Integer> queues,
    Map<String, Integer> types) {
  /** Copies the maps; a lease below a millisecond is refused. */
  public EngineInfo {
    queues = Map.copyOf(queues);
    types = Map.copyOf(types);
    if (lease.toMillis() < 1) {
      throw new InvalidJobException("lease must be >= 1 ms, was " + lease);
    }
  }
}
