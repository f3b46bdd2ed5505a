package dev.jobs4j.spi;

import dev.jobs4j.api.JobQueue;
import java.util.Map;

/**
 * How many jobs an engine can take now.
 *
 * @param slots free slots by queue; a queue that is missing or 0 starts nothing now
 * @param ahead how many more jobs a queue could have at hand, to start them as its slots become
 *     free; a source that cannot give jobs ahead leaves it alone
 * @param suspect whether one of the jobs may be a suspect; it needs a free slot
 */
public record Demand(Map<JobQueue, Integer> slots, Map<JobQueue, Integer> ahead, boolean suspect) {

  /** Nothing is wanted; a source still gets its turn. */
  public static final Demand NONE = new Demand(Map.of(), false);

  /** Copies the maps; a negative number is refused. */
  public Demand {
    slots = copy("slots", slots);
    ahead = copy("ahead", ahead);
  }

  /** Jobs for free slots alone. */
  public Demand(Map<JobQueue, Integer> slots, boolean suspect) {
    this(slots, Map.of(), suspect);
  }

  private static Map<JobQueue, Integer> copy(String name, Map<JobQueue, Integer> numbers) {
    Map<JobQueue, Integer> copy = Map.copyOf(numbers);
    if (copy.values().stream().anyMatch(n -> n < 0)) {
      throw new IllegalArgumentException(name + " must not be negative, were " + copy);
    }
    return copy;
  }

  /** The free slots of one queue. */
  public int of(JobQueue queue) {
    return slots.getOrDefault(queue, 0);
  }

  /** How many jobs a queue could have at hand beyond its free slots. */
  public int aheadOf(JobQueue queue) {
    return ahead.getOrDefault(queue, 0);
  }

  /** Whether no job could start now. */
  public boolean isEmpty() {
    return slots.values().stream().allMatch(n -> n == 0);
  }
}
