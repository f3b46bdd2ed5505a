package dev.jobs4j.api;

import java.time.Duration;

/**
 * Keeps a second job from being stored while the first is alive. A key is taken from enqueue until
 * its job has ended and, if longer, until {@code window} has passed since that enqueue.
 *
 * @param value 1 to 200 characters
 * @param window how long a finished job still holds its key; zero frees the key as the job ends
 * @param onConflict what an enqueue does that finds the key taken
 */
public record UniqueKey(String value, Duration window, OnConflict onConflict) {

  /** What an enqueue does that finds the key taken. */
  public enum OnConflict {
    /** Changes nothing: the job that holds the key stays as it is. */
    KEEP,
    /**
     * Gives the job that holds the key everything of the new one but its id, due time and line, if
     * it has not started; its attempts count from the start again. If it is running, its payload
     * can no longer change: the new job is stored and takes the key over. If it has ended and the
     * window is not over, nothing changes.
     */
    REPLACE,
    /**
     * As {@link #REPLACE}, and the due time is that of the new job, however often: there is no
     * longest wait.
     */
    DEBOUNCE
  }

  /** Checks length and window. */
  public UniqueKey {
    if (value.isEmpty() || value.length() > 200) {
      throw new InvalidJobException(
          "uniqueKey must have 1 to 200 characters, had " + value.length());
    }
    if (window.isNegative()) {
      throw new InvalidJobException("uniqueKey window must not be negative, was " + window);
    }
  }

  /** A key whose first job stays. */
  public UniqueKey(String value, Duration window) {
    this(value, window, OnConflict.KEEP);
  }
}
