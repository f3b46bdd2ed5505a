package dev.jobs4j.api.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Fires {@code delay} after the end of the run before, so that its runs never overlap. The first
 * run starts at {@code first}; if that is past, {@code delay} after the schedule was registered.
 *
 * @param delay 1 second to 36,500 days, in whole milliseconds
 * @param first the first firing, 1970 to 9999; what is finer than a millisecond is cut off
 */
public record FixedDelay(Duration delay, Instant first) implements Schedule {

  /**
   * Checks the ranges.
   *
   * @throws dev.jobs4j.api.InvalidJobException if one is left; the message names it
   */
  public FixedDelay {
    Limits.checkInterval("delay", delay);
    first = Limits.first(first);
  }

  /** The same delay, with {@code instant} as its first firing. */
  public FixedDelay startingAt(Instant instant) {
    return new FixedDelay(delay, instant);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    if (after.isBefore(first)) {
      return Optional.of(first);
    }
    return Limits.isOver(after) ? Optional.empty() : Limits.within(after.plus(delay));
  }

  @Override
  public String spec() {
    return ScheduleText.interval(ScheduleText.DELAY, delay, first);
  }

  @Override
  public ZoneId zone() {
    return ZoneOffset.UTC;
  }

  /** The text form. */
  @Override
  public String toString() {
    return spec();
  }
}
