package dev.jobs4j.api;

/**
 * A line: jobs of one key run one after the other, in the order in which their enqueues were
 * committed, across all queues of a store. A job that is tried again or put off keeps its place.
 *
 * @param key 1 to 200 characters, kept as it is
 * @param onDead what it means for those behind this job if it is given up
 */
public record Fifo(String key, OnDead onDead) {

  /** The longest key, in characters. */
  public static final int MAX_KEY = 200;

  /** What a dead letter does to the jobs behind it. */
  public enum OnDead {
    /** They wait until it is requeued and has ended well, or is discarded. */
    BLOCK,
    /** They go on. */
    SKIP
  }

  /**
   * Checks the key.
   *
   * @throws InvalidJobException if it is blank or too long
   */
  public Fifo {
    if (key.isBlank() || key.length() > MAX_KEY || key.indexOf('\0') >= 0) {
      throw new InvalidJobException(
          "fifo key must have 1 to " + MAX_KEY + " characters and no NUL, had " + key.length());
    }
  }
}
