package dev.jobs4j.api.schedule;

import static dev.jobs4j.api.schedule.Schedule.cron;
import static dev.jobs4j.api.schedule.Schedule.every;
import static dev.jobs4j.api.schedule.Schedule.withDelay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Intervals, the text form, and what all schedules have in common. */
class ScheduleTest {

  private static final ZoneId MOSCOW = ZoneId.of("Europe/Moscow");
  private static final Instant EIGHT = Instant.parse("2026-11-01T08:00:00Z");
  private static final Duration QUARTER = Duration.ofMinutes(15);

  @Test
  void aRateKeepsToWholePeriodsSinceTheEpoch() {
    assertThat(every(QUARTER).preview(EIGHT.plusSeconds(1), 2))
        .containsExactly(EIGHT.plusSeconds(900), EIGHT.plusSeconds(1_800));
    assertThat(every(QUARTER).next(EIGHT)).contains(EIGHT.plusSeconds(900));
    assertThat(every(QUARTER).next(EIGHT.minusNanos(1))).contains(EIGHT);
  }

  @Test
  void aRateKeepsToTheGridOfItsFirstStart() {
    FixedRate rate = every(Duration.ofHours(7)).startingAt(EIGHT.plusMillis(5));
    assertThat(rate.preview(Instant.EPOCH, 2))
        .containsExactly(EIGHT.plusMillis(5), EIGHT.plusMillis(5).plus(Duration.ofHours(7)));
    assertThat(rate.next(EIGHT.plus(Duration.ofHours(70))))
        .contains(EIGHT.plusMillis(5).plus(Duration.ofHours(70)));
  }

  @Test
  void aDelayCountsFromTheEndOfTheRunBefore() {
    assertThat(withDelay(QUARTER).next(EIGHT.plusMillis(1)))
        .contains(EIGHT.plusMillis(1).plus(QUARTER));
    assertThat(withDelay(QUARTER).preview(EIGHT, 2))
        .containsExactly(EIGHT.plusSeconds(900), EIGHT.plusSeconds(1_800));
  }

  @Test
  void aDelayStartsWhenItIsToldTo() {
    FixedDelay delay = withDelay(QUARTER).startingAt(EIGHT);
    assertThat(delay.next(EIGHT.minusSeconds(100))).contains(EIGHT);
    assertThat(delay.next(EIGHT)).contains(EIGHT.plus(QUARTER));
    assertThat(delay.next(EIGHT.plusSeconds(7))).contains(EIGHT.plusSeconds(7).plus(QUARTER));
  }

  @Test
  void aFirstStartIsCutToTheMillisecond() {
    assertThat(every(QUARTER).startingAt(EIGHT.plusNanos(1_999_999)).first())
        .isEqualTo(EIGHT.plusMillis(1));
    assertThat(withDelay(QUARTER).startingAt(EIGHT.plusNanos(1_999_999)).first())
        .isEqualTo(EIGHT.plusMillis(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.999S", "PT-1M", "P36500DT1S", "PT1.0005S"})
  void anIntervalOutOfRangeIsRefusedByItsName(Duration interval) {
    assertThatThrownBy(() -> every(interval))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("period must be ")
        .hasMessageEndingWith("was " + interval);
    assertThatThrownBy(() -> withDelay(interval))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("delay must be ")
        .hasMessageEndingWith("was " + interval);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "P36500D", "PT1.001S"})
  void anIntervalOfASecondToAHundredYearsIsTaken(Duration interval) {
    assertThat(every(interval).next(EIGHT)).isPresent();
    assertThat(withDelay(interval).next(EIGHT)).contains(EIGHT.plus(interval));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1969-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"})
  void aFirstStartOutOfRangeIsRefused(Instant first) {
    assertThatThrownBy(() -> every(QUARTER).startingAt(first))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("the first start must be in the years 1970 to 9999, was " + first);
    assertThatThrownBy(() -> withDelay(QUARTER).startingAt(first))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("the first start must be in the years 1970 to 9999, was " + first);
  }

  @Test
  void nothingFiresBefore1970OrAfter9999() {
    Instant last = Instant.parse("9999-12-31T23:59:59Z");
    for (Schedule schedule :
        new Schedule[] {
          cron("* * * * * *", ZoneOffset.UTC),
          cron("* * 0-22 * * *", ZoneId.of("-11:00")),
          every(Duration.ofSeconds(1)),
          withDelay(Duration.ofSeconds(1))
        }) {
      assertThat(schedule.next(Instant.MIN)).as("%s", schedule).contains(Instant.EPOCH);
      assertThat(schedule.next(last.minusSeconds(1))).as("%s", schedule).contains(last);
      assertThat(schedule.next(last)).as("%s", schedule).isEmpty();
      assertThat(schedule.next(Instant.MAX)).as("%s", schedule).isEmpty();
    }
    assertThat(cron("0 0 1 1 *", ZoneOffset.UTC).next(last)).isEmpty();
    assertThat(cron("0 * 1 1 *", ZoneOffset.UTC).next(last.minusSeconds(9))).isEmpty();
    assertThat(cron("0 20 31 12 *", ZoneOffset.ofHours(-4)).preview(last.minusSeconds(9), 9))
        .isEmpty();
  }

  @Test
  void aPreviewListsNoMoreThanThereIsAndNoMoreThanItIsAskedFor() {
    CronSchedule yearly = cron("@yearly", ZoneOffset.UTC);
    assertThat(yearly.preview(Instant.parse("9997-06-01T00:00:00Z"), 5))
        .containsExactly(
            Instant.parse("9998-01-01T00:00:00Z"), Instant.parse("9999-01-01T00:00:00Z"));
    assertThat(yearly.preview(EIGHT, 1)).containsExactly(Instant.parse("2027-01-01T00:00:00Z"));
    assertThat(yearly.preview(EIGHT, Schedule.MAX_PREVIEW)).hasSize(Schedule.MAX_PREVIEW);
    for (int n : new int[] {0, -1, Schedule.MAX_PREVIEW + 1}) {
      assertThatThrownBy(() -> yearly.preview(EIGHT, n))
          .isInstanceOf(InvalidJobException.class)
          .hasMessage("preview must be of 1 to 1000, was " + n);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ~ 0  3 *\t* mon-Fri ~              | 0 3 * * MON-FRI
          0 0 0 lw * 5l                      | 0 0 0 LW * 5L
          @Daily                             | @daily
          @every PT15M                       | @every PT15M
          @EVERY 15m                         | @every PT15M
          @every 90s                         | @every PT1M30S
          @every 1h30m                       | @every PT1H30M
          @every 1.5s                        | @every PT1.5S
          @every 1d                          | @every PT24H
          @delay p1dt1h                      | @delay PT25H
          @delay  5m                         | @delay PT5M
          @every 7d from 2026-11-01T08:00:00Z | @every PT168H from 2026-11-01T08:00:00Z
          @delay 1s FROM 2026-11-01T11:00:00.5+03:00 | @delay PT1S from 2026-11-01T08:00:00.500Z
          @every 1m from 1970-01-01T00:00:00Z | @every PT1M
          """)
  void whatIsWrittenCanBeReadBack(String text, String spec) {
    Schedule schedule = Schedule.parse(text, MOSCOW);
    assertThat(schedule.spec()).isEqualTo(spec);
    assertThat(Schedule.parse(schedule.spec(), schedule.zone())).isEqualTo(schedule);
    assertThat(Schedule.parse(schedule.spec(), schedule.zone().getId())).isEqualTo(schedule);
    assertThat(schedule.zone()).isEqualTo(spec.contains(" PT") ? ZoneOffset.UTC : MOSCOW);
  }

  @Test
  void theLongestIntervalFitsTheTextForm() {
    Instant first = Instant.parse("9999-12-31T23:59:59.999Z");
    Duration longest = Duration.ofDays(36_499).plusSeconds(86_399).plusMillis(999);
    FixedRate rate = every(longest).startingAt(first);
    assertThat(Schedule.parse(rate.spec(), ZoneOffset.UTC)).isEqualTo(rate);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          @every                  | must be written
          @every 15m from         | must be written
          @every 15m at 2026-11-01T08:00:00Z | must be written
          @delay 15m from 2026-11-01T08:00:00Z now | must be written
          @every often            | needs a duration such as 90s, 15m, 1h30m, 1d or PT15M, not "often"
          @every 15               | not "15"
          @every 99999999999999999999s | needs a duration
          @every 1ms              | not "1ms"
          @every 0s               | period must be PT1S to PT876000H, was PT0S
          @delay -5m              | delay must be PT1S to PT876000H, was PT-5M
          @every 15m from monday  | needs an instant such as 2026-11-01T08:00:00Z, not "monday"
          @every 15m from 1960-01-01T00:00:00Z | 1970 to 9999
          @every15m               | cron name must be @yearly
          every 15m               | 5 fields
          """)
  void whatIsNoScheduleIsRefused(String text, String message) {
    assertThatThrownBy(() -> Schedule.parse(text, ZoneOffset.UTC))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Moskow", "", "UTC+99", "moscow\n"})
  void anUnknownZoneIsRefused(String zone) {
    assertThatThrownBy(() -> Schedule.parse("@daily", zone))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageMatching("zone must be an id such as Europe/Moscow, UTC or \\+03:00, was .*");
  }

  @Test
  void aCronExpressionIsEqualToItselfInTheSameZone() {
    assertThat(cron("0 3 * * mon", MOSCOW))
        .isEqualTo(cron("0  3 * * MON", MOSCOW))
        .hasSameHashCodeAs(cron("0  3 * * MON", MOSCOW))
        .isNotEqualTo(cron("0 3 * * MON", ZoneOffset.UTC))
        .isNotEqualTo(cron("0 4 * * MON", MOSCOW))
        .hasToString("0 3 * * MON Europe/Moscow");
    assertThat(every(QUARTER)).hasToString("@every PT15M");
    assertThat(withDelay(QUARTER)).hasToString("@delay PT15M");
  }
}
