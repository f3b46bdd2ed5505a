package dev.jobs4j.api.schedule;

import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * The days that match: those of a matching month that match in the month and in the week. All
 * numbers are bits; days of the week count from 0, Sunday.
 *
 * @param months the matching months, from 1
 * @param days days of the month, from 1
 * @param fromEnd days before the last day of the month: {@code L} is 0, {@code L-3} is 3
 * @param nearest days of the month whose nearest weekday matches: {@code 15W}
 * @param lastWeekday whether the last weekday of the month matches: {@code LW}
 * @param weekdays days of the week
 * @param lastOf days of the week whose last one in the month matches: {@code 5L}
 * @param nthOf the same for the nth one, {@code 5#2}: bit 7 × (n − 1) + day of the week
 */
record CronDays(
    long months,
    long days,
    long fromEnd,
    long nearest,
    boolean lastWeekday,
    long weekdays,
    long lastOf,
    long nthOf) {

  private static final int SUNDAY = 0;
  private static final int SATURDAY = 6;

  /**
   * The first matching day that is not before {@code from}; null if there is none up to {@code
   * lastYear}. Days that {@link #canMatch} recur within 40 years: the rarest is a 29 February on a
   * given day of the week across a year like 2100.
   */
  @Nullable LocalDate atOrAfter(LocalDate from, int lastYear) {
    YearMonth month = YearMonth.from(from);
    int day = from.getDayOfMonth();
    while (month.getYear() <= lastYear) {
      if (has(months, month.getMonthValue())) {
        int weekdayOfFirst = month.atDay(1).getDayOfWeek().getValue() % 7;
        for (; day <= month.lengthOfMonth(); day++) {
          if (matches(day, month.lengthOfMonth(), weekdayOfFirst)) {
            return month.atDay(day);
          }
        }
      }
      month = month.plusMonths(1);
      day = 1;
    }
    return null;
  }

  /**
   * Whether there is such a day at all. A month starts on each day of the week in some year, in
   * leap years as in others, so that it is enough to look at these.
   */
  boolean canMatch() {
    for (Month month : Month.values()) {
      if (has(months, month.getValue())
          && (canMatchIn(month.minLength()) || canMatchIn(month.maxLength()))) {
        return true;
      }
    }
    return false;
  }

  private boolean canMatchIn(int length) {
    for (int weekdayOfFirst = SUNDAY; weekdayOfFirst <= SATURDAY; weekdayOfFirst++) {
      for (int day = 1; day <= length; day++) {
        if (matches(day, length, weekdayOfFirst)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a day matches in a month of this length that starts on this day of the week. */
  private boolean matches(int day, int length, int weekdayOfFirst) {
    return matchesInMonth(day, length, weekdayOfFirst)
        && matchesInWeek(day, length, weekday(day, weekdayOfFirst));
  }

  private boolean matchesInMonth(int day, int length, int weekdayOfFirst) {
    if (has(days, day) || has(fromEnd, length - day)) {
      return true;
    }
    if (lastWeekday && day == nearestWeekday(length, length, weekdayOfFirst)) {
      return true;
    }
    // A weekend's stand-in is at most two days away: Monday the 3rd for Saturday the 1st.
    for (int wanted = Math.max(1, day - 2); wanted <= Math.min(length, day + 2); wanted++) {
      if (has(nearest, wanted) && day == nearestWeekday(wanted, length, weekdayOfFirst)) {
        return true;
      }
    }
    return false;
  }

  private boolean matchesInWeek(int day, int length, int weekday) {
    return has(weekdays, weekday)
        || (has(lastOf, weekday) && day + 7 > length)
        || has(nthOf, 7 * ((day - 1) / 7) + weekday);
  }

  /** Friday for a Saturday and Monday for a Sunday, but never in another month. */
  private static int nearestWeekday(int day, int length, int weekdayOfFirst) {
    return switch (weekday(day, weekdayOfFirst)) {
      case SATURDAY -> day > 1 ? day - 1 : day + 2;
      case SUNDAY -> day < length ? day + 1 : day - 2;
      default -> day;
    };
  }

  private static int weekday(int day, int weekdayOfFirst) {
    return (weekdayOfFirst + day - 1) % 7;
  }

  private static boolean has(long bits, int value) {
    return (bits & 1L << value) != 0;
  }
}
