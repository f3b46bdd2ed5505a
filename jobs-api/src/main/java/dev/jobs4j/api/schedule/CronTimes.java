package dev.jobs4j.api.schedule;

import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/** The times of day that match: hours, minutes and seconds as bits, none of them empty. */
record CronTimes(long hours, long minutes, long seconds) {

  private static final long ALL_HOURS = (1L << 24) - 1;

  /** Whether every hour of the day matches. */
  boolean everyHour() {
    return hours == ALL_HOURS;
  }

  /** The first time of the day. */
  LocalTime first() {
    return time(lowest(hours), lowest(minutes), lowest(seconds));
  }

  /** The first time of the day that is not before {@code from}; null if that day has none. */
  @Nullable LocalTime atOrAfter(LocalTime from) {
    if (has(hours, from.getHour())) {
      if (has(minutes, from.getMinute())) {
        int second = atOrAbove(seconds, from.getSecond());
        if (second >= 0) {
          return time(from.getHour(), from.getMinute(), second);
        }
      }
      int minute = atOrAbove(minutes, from.getMinute() + 1);
      if (minute >= 0) {
        return time(from.getHour(), minute, lowest(seconds));
      }
    }
    int hour = atOrAbove(hours, from.getHour() + 1);
    return hour < 0 ? null : time(hour, lowest(minutes), lowest(seconds));
  }

  private static LocalTime time(int hour, int minute, int second) {
    return LocalTime.of(hour, minute, second);
  }

  private static boolean has(long bits, int value) {
    return (bits & 1L << value) != 0;
  }

  private static int lowest(long bits) {
    return Long.numberOfTrailingZeros(bits);
  }

  /** The lowest value from {@code value} (at most 60) on; -1 if there is none. */
  private static int atOrAbove(long bits, int value) {
    long rest = bits & -1L << value;
    return rest == 0 ? -1 : lowest(rest);
  }
}
