package dev.jobs4j.api.schedule;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/** A cron expression as {@link CronParser} understood it: the local times that match. */
record CronExpression(CronTimes times, CronDays days) {

  private static final int LAST_YEAR = 9999;

  /**
   * The first matching time that is not before {@code from}, which has no fraction of a second;
   * null if there is none up to the end of the year 9999.
   */
  @Nullable LocalDateTime atOrAfter(LocalDateTime from) {
    LocalDate today = from.toLocalDate();
    LocalDate day = days.atOrAfter(today, LAST_YEAR);
    if (day != null && day.equals(today)) {
      LocalTime time = times.atOrAfter(from.toLocalTime());
      if (time != null) {
        return day.atTime(time);
      }
      day = days.atOrAfter(today.plusDays(1), LAST_YEAR);
    }
    return day == null ? null : day.atTime(times.first());
  }
}
