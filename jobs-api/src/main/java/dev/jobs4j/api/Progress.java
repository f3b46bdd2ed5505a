package dev.jobs4j.api;

import java.time.Instant;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How far a job has come, as one of its attempts said last.
 *
 * @param done how much of it is done, 0 or more
 * @param total how much there is, or 0 if that is not known
 * @param message what it is at, for people; may be empty
 * @param attempt the number of the attempt that said so; a later one has said nothing yet
 * @param at when it was said, by the store's clock
 */
public record Progress(long done, long total, String message, int attempt, Instant at) {

  /** Nothing is less than zero. */
  public Progress {
    requireNotNegative("done", done);
    requireNotNegative("total", total);
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(at, "at");
  }

  private static void requireNotNegative(String name, long value) {
    if (value < 0) {
      throw new InvalidJobException(name + " of a progress must be >= 0, was " + value);
    }
  }

  /** The share that is done, 0 to 100, rounded down; empty if the total is not known. */
  public OptionalInt percent() {
    if (total == 0) {
      return OptionalInt.empty();
    }
    return OptionalInt.of((int) Math.min(100, Math.floor(100.0 * done / total)));
  }
}
