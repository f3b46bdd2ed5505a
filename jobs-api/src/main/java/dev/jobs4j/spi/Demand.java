package dev.jobs4j.spi;

import dev.jobs4j.api.JobQueue;
import java.util.Map;

/**
 * How many jobs an engine can take now.
 *
 * @param slots free slots by queue; a queue that is missing or 0 takes nothing now
 * @param suspect whether one of the jobs may be a suspect
 */
public record Demand(Map<JobQueue, Integer> slots, boolean suspect) {

  /** Nothing is wanted; a source still gets its turn. */
  public static final Demand NONE = new Demand(Map.of(), false);

  /** Copies the map; a negative number of slots is refused. */
  public Demand {
    slots = Map.copyOf(slots);
    if (slots.values().stream().anyMatch(n -> n < 0)) {
      throw new IllegalArgumentException("slots must not be negative, were " + slots);
    }
  }

  /** The free slots of one queue. */
  public int of(JobQueue queue) {
    return slots.getOrDefault(queue, 0);
  }

  /** Whether nothing is wanted. */
  public boolean isEmpty() {
    return slots.values().stream().allMatch(n -> n == 0);
  }
}
