package dev.jobs4j.api;

import java.time.Duration;

/**
 * Keeps a second job from being stored while the first is alive. A key is taken from enqueue until
 * its job has ended and, if longer, until {@code window} has passed since that enqueue.
 *
 * @param value 1 to 200 characters
 * @param window how long a finished job still holds its key; zero frees the key as the job ends
 */
public record UniqueKey(String value, Duration window) {
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
}
