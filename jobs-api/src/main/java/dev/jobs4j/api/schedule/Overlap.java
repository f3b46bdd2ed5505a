package dev.jobs4j.api.schedule;

/**
 * What a firing does while an earlier run of the same recurring job has not ended. A run has ended
 * when it is in a terminal state; one that waits for a retry has not. A {@link FixedDelay} never
 * comes to it.
 */
public enum Overlap {
  /** The firing is dropped. */
  SKIP,
  /** The firing waits for the run to end; one that finds another waiting is dropped. */
  QUEUE,
  /** The firing runs beside it. */
  ALLOW
}
