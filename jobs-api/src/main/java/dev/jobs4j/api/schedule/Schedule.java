package dev.jobs4j.api.schedule;

import dev.jobs4j.api.InvalidJobException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The instants at which a recurring job runs. Immutable, thread-safe and pure: it reads no clock,
 * and the same argument gives the same answer for as long as the JVM's time zone data is the same.
 *
 * <p>A firing lies between the start of 1970 and the end of 9999, in UTC; there is none outside.
 *
 * <p>A schedule is the pair of {@link #spec()} and {@link #zone()}; both are plain text that any
 * language can write:
 *
 * <pre>
 * 0 3 * * *                                    cron, see {@link CronSchedule}
 * &#64;daily                                       cron, by a short name
 * &#64;every PT15M                                 see {@link FixedRate}
 * &#64;every PT15M from 2026-11-01T08:00:00Z
 * &#64;delay PT5M                                  see {@link FixedDelay}
 * </pre>
 */
public sealed interface Schedule permits CronSchedule, FixedRate, FixedDelay {

  /** The most characters that {@link #parse} reads and {@link #spec()} returns. */
  int MAX_LENGTH = 255;

  /** The most firings that one {@link #preview} lists. */
  int MAX_PREVIEW = 1_000;

  /**
   * The first firing strictly after {@code after}; empty if there is none any more.
   *
   * @param after the last firing; for a {@link FixedDelay} the end of the last run
   */
  Optional<Instant> next(Instant after);

  /** The text form, at most {@link #MAX_LENGTH} characters; {@link #parse} reads it back. */
  String spec();

  /** The zone in which the text is read; UTC where the zone makes no difference. */
  ZoneId zone();

  /**
   * The first {@code n} firings strictly after {@code from}, fewer if there are no more. For a
   * {@link FixedDelay} they are those of runs that take no time.
   *
   * @param n 1 to {@link #MAX_PREVIEW}
   * @throws InvalidJobException if {@code n} is out of range
   */
  default List<Instant> preview(Instant from, int n) {
    if (n < 1 || n > MAX_PREVIEW) {
      throw new InvalidJobException("preview must be of 1 to " + MAX_PREVIEW + ", was " + n);
    }
    List<Instant> firings = new ArrayList<>(n);
    Optional<Instant> firing = next(from);
    while (firing.isPresent() && firings.size() < n) {
      firings.add(firing.get());
      firing = next(firing.get());
    }
    return List.copyOf(firings);
  }

  /**
   * Runs by a cron expression, read in {@code zone}.
   *
   * @throws InvalidJobException if {@code expression} is none, or can never fire
   */
  static CronSchedule cron(String expression, ZoneId zone) {
    return CronSchedule.of(expression, zone);
  }

  /**
   * Runs once per {@code period}, at its whole multiples since 1970-01-01T00:00:00Z: {@code
   * every(ofMinutes(15))} runs at each quarter of an hour, whenever it was registered.
   *
   * @throws InvalidJobException if {@code period} is out of range, see {@link FixedRate}
   */
  static FixedRate every(Duration period) {
    return new FixedRate(period, Instant.EPOCH);
  }

  /**
   * Runs {@code delay} after it was registered, and then {@code delay} after each run's end.
   *
   * @throws InvalidJobException if {@code delay} is out of range, see {@link FixedDelay}
   */
  static FixedDelay withDelay(Duration delay) {
    return new FixedDelay(delay, Instant.EPOCH);
  }

  /**
   * Reads what {@link #spec()} wrote, or a person. Periods and delays may also be written {@code
   * 90s}, {@code 15m}, {@code 1h30m} or {@code 1d}.
   *
   * @param zone where a cron expression is read; fixed rates and delays need none and leave it
   * @throws InvalidJobException if {@code spec} is no schedule; the message says what to mend
   */
  static Schedule parse(String spec, ZoneId zone) {
    return ScheduleText.isInterval(spec) ? ScheduleText.interval(spec) : cron(spec, zone);
  }

  /**
   * The same, with the zone's id as text, such as {@code Europe/Moscow}, {@code UTC} or {@code
   * +03:00}.
   *
   * @throws InvalidJobException if {@code spec} is no schedule, or this JVM does not know the zone
   */
  static Schedule parse(String spec, String zone) {
    ZoneId id;
    try {
      id = ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new InvalidJobException(
          "zone must be an id such as Europe/Moscow, UTC or +03:00, was \""
              + ScheduleText.shown(zone)
              + "\"",
          e);
    }
    return parse(spec, id);
  }
}
