package dev.jobs4j.api.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fires when the clock on the wall of a zone shows a time that a cron expression matches.
 *
 * <p><b>Fields.</b> Five, {@code minute hour day-of-month month day-of-week}, or six with the
 * second first; without it the second is 0. <b>A time matches if all its fields match.</b> That
 * holds for day-of-month and day-of-week too, as in Spring: {@code 0 0 13 * FRI} is Friday the
 * 13th. (The {@code crontab} of Unix takes either of the two; write two schedules for that.)
 *
 * <table>
 * <caption>What a field may hold; letters may be small</caption>
 * <tr><th>Text</th><th>Where</th><th>Meaning</th></tr>
 * <tr><td>{@code *}</td><td>all</td><td>every value</td></tr>
 * <tr><td>{@code ?}</td><td>days</td><td>the same</td></tr>
 * <tr><td>{@code 5}, {@code JAN}, {@code MON}</td><td>all</td><td>a value; Sunday is 0 and 7
 * (not 1, as in Quartz)</td></tr>
 * <tr><td>{@code 9-17}, {@code 22-2}, {@code FRI-MON}</td><td>all</td><td>a range; one that ends
 * before it begins runs over the end of the field: 22, 23, 0, 1, 2</td></tr>
 * <tr><td><code>*&#47;10</code>, {@code 5/10}, {@code 22-4/2}</td><td>all</td><td>each 10th value
 * from the first of the field, from 5 to its end, or in the range; the step is at most the number
 * of the field's values, and a week begins with Sunday</td></tr>
 * <tr><td>{@code 1,15,20-25}</td><td>all</td><td>any of these</td></tr>
 * <tr><td>{@code L}, {@code L-3}</td><td>day-of-month</td><td>the last day, three days before
 * it</td></tr>
 * <tr><td>{@code 15W}</td><td>day-of-month</td><td>the weekday nearest to the 15th in the same month
 * (Friday for a Saturday, Monday for a Sunday); none in a month that lacks the day</td></tr>
 * <tr><td>{@code LW}</td><td>day-of-month</td><td>the last weekday</td></tr>
 * <tr><td>{@code 5L}, {@code FRIL}</td><td>day-of-week</td><td>the last Friday of the month</td></tr>
 * <tr><td>{@code 5#2}, {@code FRI#2}</td><td>day-of-week</td><td>the second Friday of the month; 1 to
 * 5</td></tr>
 * </table>
 *
 * <p><code>&#64;yearly</code> (or <code>&#64;annually</code>), <code>&#64;monthly</code>, <code>
 * &#64;weekly</code> (on Sunday), <code>&#64;daily</code> (or <code>&#64;midnight</code>) and
 * <code>&#64;hourly</code> stand for the first moment of each. What can never fire, such as 30
 * February, is refused.
 *
 * <p><b>When the clocks change</b>, the hour field decides:
 *
 * <ul>
 *   <li>An expression for <b>certain hours</b> fires at the first moment at which the clock shows
 *       the time or a later one. So a time that is skipped fires at once after the gap, several
 *       such times fire there together, once; a time that is shown twice fires the first time only.
 *       {@code 30 2 * * *} fires once on every day of the year.
 *   <li>An expression for <b>every hour</b> ({@code *} or what means the same) fires whenever the
 *       clock shows the time. What is skipped does not fire, what is shown twice fires twice, and
 *       so <code>*&#47;5 * * * *</code> fires each five minutes all the same.
 * </ul>
 *
 * <p>Firings strictly increase, and are whole seconds. Immutable and thread-safe.
 */
public final class CronSchedule implements Schedule {

  private final String spec;
  private final CronExpression expression;
  private final ZoneId zone;

  private CronSchedule(String spec, CronExpression expression, ZoneId zone) {
    this.spec = spec;
    this.expression = expression;
    this.zone = Objects.requireNonNull(zone, "zone");
  }

  /**
   * The schedule of {@code expression}, read in {@code zone}.
   *
   * @throws dev.jobs4j.api.InvalidJobException if it is no cron expression, is longer than {@link
   *     #MAX_LENGTH}, or can never fire; the message names the field, its text and what is allowed
   */
  public static CronSchedule of(String expression, ZoneId zone) {
    CronParser parser = new CronParser(expression);
    return new CronSchedule(parser.spec(), parser.parse(), zone);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    if (Limits.isOver(after)) {
      return Optional.empty();
    }
    Instant last =
        after.isBefore(Instant.EPOCH)
            ? Instant.EPOCH.minusSeconds(1)
            : after.truncatedTo(ChronoUnit.SECONDS);
    Instant firing = expression.times().everyHour() ? wheneverShown(last) : onceShown(last);
    return Optional.ofNullable(firing).flatMap(Limits::within);
  }

  /** Follows the clock on the wall from one change of its offset to the next. */
  private @Nullable Instant wheneverShown(Instant last) {
    ZoneRules rules = zone.getRules();
    Instant at = last.plusSeconds(1);
    while (true) {
      ZoneOffset offset = rules.getOffset(at);
      LocalDateTime shown = expression.atOrAfter(local(at, offset));
      if (shown == null) {
        return null;
      }
      Instant firing = shown.toInstant(offset);
      ZoneOffsetTransition change = rules.nextTransition(at);
      if (change == null || firing.isBefore(change.getInstant())) {
        return firing;
      }
      at = change.getInstant();
    }
  }

  /** Finds the matching time first, and then the moment at which the clock reaches it. */
  private @Nullable Instant onceShown(Instant last) {
    ZoneRules rules = zone.getRules();
    LocalDateTime shown = local(last, rules.getOffset(last));
    ZoneOffsetTransition change = rules.getTransition(shown);
    boolean again = change != null && change.isOverlap() && !last.isBefore(change.getInstant());
    LocalDateTime time =
        expression.atOrAfter(again ? change.getDateTimeBefore() : shown.plusSeconds(1));
    if (time == null) {
      return null;
    }
    ZoneOffsetTransition skipping = rules.getTransition(time);
    return skipping != null && skipping.isGap()
        ? skipping.getInstant()
        : time.toInstant(rules.getOffset(time)); // of two offsets this is the earlier
  }

  private static LocalDateTime local(Instant instant, ZoneOffset offset) {
    return LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, offset);
  }

  /** The expression in capitals, or its short name, with single spaces. */
  @Override
  public String spec() {
    return spec;
  }

  @Override
  public ZoneId zone() {
    return zone;
  }

  /** Equal to the schedule of the same text in the same zone. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CronSchedule that && spec.equals(that.spec) && zone.equals(that.zone);
  }

  @Override
  public int hashCode() {
    return Objects.hash(spec, zone);
  }

  /** The text form and the zone. */
  @Override
  public String toString() {
    return spec + " " + zone;
  }
}
