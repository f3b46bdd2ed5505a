package dev.jobs4j.core;

import java.util.List;

/**
 * Whether an engine can do its work, answered from memory. Failed jobs do not make it unwell.
 *
 * @param running whether it was started and not stopped; of one that only enqueues, not closed
 * @param troubles the control loops that fail at the moment, with their last error, which go on
 *     trying; whether no ending of a job gets through; and the queues in which nothing can run
 *     until a handler heeds its interruption
 * @param leakedSlots slots whose handlers ignore their interruption
 */
public record EngineHealth(boolean running, List<String> troubles, int leakedSlots) {
  /** Copies the list. */
  public EngineHealth {
    troubles = List.copyOf(troubles);
  }

  /** Running, and without troubles. */
  public boolean isUp() {
    return running && troubles.isEmpty();
  }
}
