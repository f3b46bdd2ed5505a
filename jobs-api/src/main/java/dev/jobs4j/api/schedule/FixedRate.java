package dev.jobs4j.api.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Fires at {@code first} and each {@code period} after it, however long the runs take. The grid is
 * fixed: neither a restart nor a new registration moves it. Hours and days are 60 minutes and 24
 * hours; what must keep to the clock on the wall is a {@link CronSchedule}.
 *
 * @param period 1 second to 36,500 days, in whole milliseconds
 * @param first the first firing, 1970 to 9999; what is finer than a millisecond is cut off
 */
public record FixedRate(Duration period, Instant first) implements Schedule {

  /**
   * Checks the ranges.
   *
   * @throws dev.jobs4j.api.InvalidJobException if one is left; the message names it
   */
  public FixedRate {
    Limits.checkInterval("period", period);
    first = Limits.first(first);
  }

  /** The same rate on another grid, with {@code instant} as its first firing. */
  public FixedRate startingAt(Instant instant) {
    return new FixedRate(period, instant);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    if (after.isBefore(first)) {
      return Optional.of(first);
    }
    if (Limits.isOver(after)) {
      return Optional.empty();
    }
    long passed = Duration.between(first, after).dividedBy(period);
    return Limits.within(first.plus(period.multipliedBy(passed + 1)));
  }

  @Override
  public String spec() {
    return ScheduleText.interval(ScheduleText.EVERY, period, first);
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
