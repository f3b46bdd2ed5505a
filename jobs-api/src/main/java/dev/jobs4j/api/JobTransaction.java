package dev.jobs4j.api;

/**
 * A transaction of the caller that an enqueue joins. Stores make one of what they understand: a
 * JDBC {@code Connection}, a MongoDB session. The library never commits, rolls back or closes it.
 */
public interface JobTransaction {

  /**
   * Runs {@code action} after the transaction has committed, if it can tell; else drops it. The
   * library uses this for a wake-up hint alone, so dropping it costs a poll interval and no job.
   */
  default void afterCommit(Runnable action) {}
}
