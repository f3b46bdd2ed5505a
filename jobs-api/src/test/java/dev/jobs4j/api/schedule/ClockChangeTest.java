package dev.jobs4j.api.schedule;

import static dev.jobs4j.api.schedule.Schedule.cron;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule for the days on which the clocks change, by examples that one can check by hand. */
class ClockChangeTest {

  /** In New York 2026-03-08 has no 02:xx. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          30 2 * * *      | 03:00-04:00
          0 2 * * *       | 03:00-04:00
          0,20,40 2 * * * | 03:00-04:00
          * * 2 * * *     | 03:00-04:00
          15 2-3 * * *    | 03:00-04:00 03:15-04:00
          0 2,3 * * *     | 03:00-04:00
          0 */2 * * *     | 00:00-05:00 03:00-04:00 04:00-04:00
          30 1 * * *      | 01:30-05:00
          30 * * * *      | 00:30-05:00 01:30-05:00 03:30-04:00 04:30-04:00
          0 0-23 * * *    | 00:00-05:00 01:00-05:00 03:00-04:00 04:00-04:00
          */30 * * * *    | 00:00-05:00 00:30-05:00 01:00-05:00 01:30-05:00 03:00-04:00 03:30-04:00 04:00-04:00 04:30-04:00
          """)
  void whenAnHourIsSkipped(String expression, String firings) {
    assertThat(nightOf("2026-03-08", "America/New_York", expression)).isEqualTo(firings);
  }

  /** In New York 2026-11-01 shows 01:xx twice. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          30 1 * * *      | 01:30-04:00
          0 1 * * *       | 01:00-04:00
          0,30 1-2 * * *  | 01:00-04:00 01:30-04:00 02:00-05:00 02:30-05:00
          0 */2 * * *     | 00:00-04:00 02:00-05:00 04:00-05:00
          30 * * * *      | 00:30-04:00 01:30-04:00 01:30-05:00 02:30-05:00 03:30-05:00 04:30-05:00
          0 */1 * * *     | 00:00-04:00 01:00-04:00 01:00-05:00 02:00-05:00 03:00-05:00 04:00-05:00
          """)
  void whenAnHourIsShownTwice(String expression, String firings) {
    assertThat(nightOf("2026-11-01", "America/New_York", expression)).isEqualTo(firings);
  }

  @Test
  void everyFiveMinutesIsEveryFiveMinutesInBothNights() {
    for (String start : List.of("2026-03-08T05:00:00Z", "2026-11-01T04:00:00Z")) {
      Instant at = Instant.parse(start);
      for (Instant next : cron("*/5 * * * *", ZoneId.of("America/New_York")).preview(at, 12 * 6)) {
        assertThat(next).isEqualTo(at.plus(Duration.ofMinutes(5)));
        at = next;
      }
    }
  }

  /** From within the second showing of an hour, and from within a gap's last second. */
  @Test
  void theNextFiringIsRightFromAnyMoment() {
    CronSchedule schedule = cron("30 1 * * *", ZoneId.of("America/New_York"));
    Instant first = Instant.parse("2026-11-01T05:30:00Z");
    Instant nextDay = Instant.parse("2026-11-02T06:30:00Z");
    assertThat(schedule.next(Instant.parse("2026-11-01T05:29:59.999Z"))).contains(first);
    assertThat(schedule.next(first)).contains(nextDay);
    assertThat(schedule.next(Instant.parse("2026-11-01T06:00:00Z"))).contains(nextDay);
    assertThat(schedule.next(Instant.parse("2026-11-01T06:10:00Z"))).contains(nextDay);
    assertThat(schedule.next(Instant.parse("2026-11-01T06:59:59Z"))).contains(nextDay);

    CronSchedule skipped = cron("30 2 * * *", ZoneId.of("America/New_York"));
    Instant afterGap = Instant.parse("2026-03-08T07:00:00Z");
    assertThat(skipped.next(afterGap.minusNanos(1))).contains(afterGap);
    assertThat(skipped.next(afterGap)).contains(Instant.parse("2026-03-09T06:30:00Z"));
  }

  /** Half an hour is skipped; midnight is; a whole day is. */
  @Test
  void whateverTheGapIsTheFirstMomentAfterItCounts() {
    assertThat(nightOf("2026-10-04", "Australia/Lord_Howe", "15 2 * * *")).isEqualTo("02:30+11:00");
    assertThat(nightOf("2018-11-04", "America/Sao_Paulo", "0 0 * * *")).isEqualTo("01:00-02:00");
    assertThat(
            cron("0 3,9 * * *", ZoneId.of("Pacific/Apia"))
                .preview(Instant.parse("2011-12-30T00:00:00Z"), 3))
        .containsExactly(
            Instant.parse("2011-12-30T10:00:00Z"), // 31 December 00:00, for 03:00 and 09:00
            Instant.parse("2011-12-30T13:00:00Z"),
            Instant.parse("2011-12-30T19:00:00Z"));
  }

  /** What fires in the first five hours of a day, as times with their offset. */
  private static String nightOf(String day, String zone, String expression) {
    ZoneId id = ZoneId.of(zone);
    Instant start = LocalDate.parse(day).atStartOfDay(id).toInstant();
    return cron(expression, id).preview(start.minusSeconds(1), 100).stream()
        .map(firing -> ZonedDateTime.ofInstant(firing, id))
        .filter(shown -> shown.toLocalDate().toString().equals(day) && shown.getHour() < 5)
        .map(shown -> shown.toLocalTime() + shown.getOffset().toString())
        .collect(Collectors.joining(" "));
  }
}
