package dev.jobs4j.api.schedule;

import dev.jobs4j.api.InvalidJobException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a recurring job up, why, and until when. Immutable.
 *
 * @param by 1 to 200 characters
 * @param why at most 500 characters, may be empty
 * @param end when it ends by the store's clock, to the microsecond; null for when somebody resumes
 */
public record SchedulePause(String by, String why, @Nullable Instant end) {

  private static final int MAX_BY = 200;
  private static final int MAX_WHY = 500;

  /**
   * Checks the texts.
   *
   * @throws InvalidJobException if one is too long, or nobody is named
   */
  public SchedulePause {
    if (by.isBlank() || by.length() > MAX_BY || by.indexOf('\0') >= 0) {
      throw new InvalidJobException(
          "pause needs who made it, in 1 to " + MAX_BY + " characters, had " + by.length());
    }
    if (why.length() > MAX_WHY || why.indexOf('\0') >= 0) {
      throw new InvalidJobException(
          "why of a pause must have at most " + MAX_WHY + " characters, had " + why.length());
    }
    end = end == null ? null : end.truncatedTo(ChronoUnit.MICROS);
  }

  /** Until somebody resumes. */
  public static SchedulePause of(String by, String why) {
    return new SchedulePause(by, why, null);
  }

  /** The same, ending by itself. */
  public SchedulePause until(Instant value) {
    return new SchedulePause(by, why, value);
  }

  /** When it ends by itself, if it does. */
  public Optional<Instant> until() {
    return Optional.ofNullable(end);
  }

  /** Whether it is not over at {@code time}. */
  public boolean holds(Instant time) {
    return end == null || end.isAfter(time);
  }
}
