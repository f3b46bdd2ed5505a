package dev.jobs4j.api;

/**
 * Runs the jobs of one key one after the other, in the order in which they were stored: each waits
 * for the one before it, its retries included. Enqueues of one key wait for each other's commit.
 *
 * @param key 1 to 200 characters
 * @param onDead what a job that is given up means for those behind it; say the same for all jobs of
 *     a key
 */
public record Fifo(String key, OnDead onDead) {

  /** What a dead letter does to the jobs behind it. */
  public enum OnDead {
    /** They wait until it was requeued and has ended well, or was cancelled or deleted. */
    BLOCK,
    /** The next one starts. */
    SKIP
  }

  /** Checks the length. */
  public Fifo {
    if (key.isBlank() || key.length() > 200) {
      throw new InvalidJobException("fifo key must have 1 to 200 characters, had " + key.length());
    }
  }
}
