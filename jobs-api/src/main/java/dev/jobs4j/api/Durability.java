package dev.jobs4j.api;

/** How much must have happened to a job before its enqueue returns. */
public enum Durability {
  /**
   * The backend has taken it and may lose it in a crash of its own within the next moments: faster
   * where the backend knows such a thing, the same as {@link #DEFAULT} where not.
   */
  RELAXED,
  /** It is on stable storage, as the backend is configured: the promise of an enqueue. */
  DEFAULT,
  /** The greater part of several copies has it, so it survives the loss of any one. */
  MAJORITY
}
