package dev.jobs4j.api.schedule;

import static dev.jobs4j.api.schedule.Schedule.cron;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each piece of the language means, and what is said of text that is none. */
class CronLanguageTest {

  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z"); // a Thursday

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 * * * *       | 0
          */20 * * * *    | 0 20 40
          */60 * * * *    | 0
          50/4 * * * *    | 50 54 58
          10-20/5 * * * * | 10 15 20
          58-2 * * * *    | 0 1 2 58 59
          50-10/7 * * * * | 4 50 57
          7-7 * * * *     | 7
          9,5,5,7-8 * * * * | 5 7 8 9
          08,09 * * * *   | 8 9
          0-59/30 * * * * | 0 30
          """)
  void aFieldIsAListOfValuesRangesAndSteps(String expression, String minutes) {
    assertThat(shown(expression, Duration.ofHours(1), LocalDateTime::getMinute)).isEqualTo(minutes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 22-2 * * *       | 0 1 2 22 23
          0 0 22-4/3 * * *     | 1 4 22
          0 0 */24 * * ?       | 0
          0 0 9-17/4 * * *     | 9 13 17
          """)
  void hoursRunOverMidnight(String expression, String hours) {
    assertThat(shown(expression, Duration.ofDays(1), LocalDateTime::getHour)).isEqualTo(hours);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 * * 0       | SUN
          0 0 * * 7       | SUN
          0 0 * * SUN     | SUN
          0 0 * * mon-Fri | MON TUE WED THU FRI
          0 0 * * 1-5     | MON TUE WED THU FRI
          0 0 * * 5-7     | FRI SAT SUN
          0 0 * * 0-7     | MON TUE WED THU FRI SAT SUN
          0 0 * * 7-2     | MON TUE SUN
          0 0 * * 7-7     | SUN
          0 0 * * 7-6     | MON TUE WED THU FRI SAT SUN
          0 0 * * SAT-SUN | SAT SUN
          0 0 * * FRI-MON | MON FRI SAT SUN
          0 0 * * FRI-MON/2 | FRI SUN
          0 0 * * */2     | TUE THU SAT SUN
          0 0 * * 7/3     | WED SAT SUN
          0 0 * * 2/3     | TUE FRI
          0 0 ? * ?       | MON TUE WED THU FRI SAT SUN
          """)
  void aWeekBeginsWithSunday(String expression, String days) {
    List<LocalDateTime> week = local(expression, NEW_YEAR, Duration.ofDays(7));
    assertThat(
            week.stream()
                .map(LocalDateTime::getDayOfWeek)
                .sorted()
                .map(day -> day.name().substring(0, 3))
                .collect(Collectors.joining(" ")))
        .isEqualTo(days);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 1 * *       | 1 2 3 4 5 6 7 8 9 10 11 12
          0 0 1 jan,Dec * | 1 12
          0 0 1 NOV-FEB * | 1 2 11 12
          0 0 1 */4 *     | 1 5 9
          0 0 1 3/5 *     | 3 8
          0 0 31 * *      | 1 3 5 7 8 10 12
          """)
  void monthsHaveNumbersAndNames(String expression, String months) {
    assertThat(shown(expression, Duration.ofDays(365), LocalDateTime::getMonthValue))
        .isEqualTo(months);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 L * *        | 2026-01-31 2026-02-28 2026-03-31 2026-04-30
          0 0 L-1 * *      | 2026-01-30 2026-02-27 2026-03-30 2026-04-29
          0 0 L-3 * *      | 2026-01-28 2026-02-25 2026-03-28 2026-04-27
          0 0 L-30 * *     | 2026-01-01 2026-03-01 2026-05-01 2026-07-01
          0 0 1,L * *      | 2026-01-01 2026-01-31 2026-02-01 2026-02-28
          0 0 29 2 *       | 2028-02-29 2032-02-29 2036-02-29 2040-02-29
          0 0 L 2 *        | 2026-02-28 2027-02-28 2028-02-29 2029-02-28
          0 0 28-2 * *     | 2026-01-01 2026-01-02 2026-01-28 2026-01-29
          0 0 15W * *      | 2026-01-15 2026-02-16 2026-03-16 2026-04-15
          0 0 1W * *       | 2026-01-01 2026-02-02 2026-03-02 2026-04-01
          0 0 1W 8 *       | 2026-08-03 2027-08-02 2028-08-01 2029-08-01
          0 0 31W * *      | 2026-01-30 2026-03-31 2026-05-29 2026-07-31
          0 0 30W 5 *      | 2026-05-29 2027-05-31 2028-05-30 2029-05-30
          0 0 LW * *       | 2026-01-30 2026-02-27 2026-03-31 2026-04-30
          0 0 LW 5 *       | 2026-05-29 2027-05-31 2028-05-31 2029-05-31
          0 0 4w,10W 1 *   | 2026-01-05 2026-01-09 2027-01-04 2027-01-11
          0 0 * * 5L       | 2026-01-30 2026-02-27 2026-03-27 2026-04-24
          0 0 * * friL     | 2026-01-30 2026-02-27 2026-03-27 2026-04-24
          0 0 * 7 FRIL     | 2026-07-31 2027-07-30 2028-07-28 2029-07-27
          0 0 * * 0L       | 2026-01-25 2026-02-22 2026-03-29 2026-04-26
          0 0 * * 7L       | 2026-01-25 2026-02-22 2026-03-29 2026-04-26
          0 0 * * 5#2      | 2026-01-09 2026-02-13 2026-03-13 2026-04-10
          0 0 * * SUN#1    | 2026-01-04 2026-02-01 2026-03-01 2026-04-05
          0 0 * * 0#5      | 2026-03-29 2026-05-31 2026-08-30 2026-11-29
          0 0 * * 7#5      | 2026-03-29 2026-05-31 2026-08-30 2026-11-29
          0 0 * * 2#1,4#3  | 2026-01-06 2026-01-15 2026-02-03 2026-02-19
          0 0 * * 1#1,FRIL | 2026-01-05 2026-01-30 2026-02-02 2026-02-27
          0 0 * * MON#1,WED | 2026-01-05 2026-01-07 2026-01-14 2026-01-21
          """)
  void daysAreCountedFromBothEndsOfTheMonth(String expression, String dates) {
    assertThat(dates(expression)).isEqualTo(dates);
  }

  /** Unix would take either of the two. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 13 * FRI    | 2026-02-13 2026-03-13 2026-11-13 2027-08-13
          0 0 1-7 * MON   | 2026-01-05 2026-02-02 2026-03-02 2026-04-06
          0 0 L * FRI     | 2026-07-31 2027-04-30 2027-12-31 2028-03-31
          0 0 */2 * 1L    | 2026-02-23 2026-04-27 2026-05-25 2026-06-29
          0 0 29 2 MON    | 2044-02-29 2072-02-29 2112-02-29 2140-02-29
          """)
  void dayOfMonthAndDayOfWeekMustBothMatch(String expression, String dates) {
    assertThat(dates(expression)).isEqualTo(dates);
  }

  @ParameterizedTest
  @CsvSource({
    "@yearly, 0 0 1 1 *",
    "@annually, 0 0 1 1 *",
    "@monthly, 0 0 1 * *",
    "@weekly, 0 0 * * SUN",
    "@daily, 0 0 * * *",
    "@midnight, 0 0 * * *",
    "@HOURLY, 0 * * * *"
  })
  void shortNamesStandForExpressions(String name, String expression) {
    assertThat(cron(name, UTC).preview(NEW_YEAR, 50))
        .isEqualTo(cron(expression, UTC).preview(NEW_YEAR, 50));
  }

  @Test
  void theSecondIsTheFirstOfSixFieldsAndZeroWithFive() {
    assertThat(local("15,45 30 8 * * *", NEW_YEAR, Duration.ofDays(1)))
        .containsExactly(
            LocalDateTime.parse("2026-01-01T08:30:15"), LocalDateTime.parse("2026-01-01T08:30:45"));
    assertThat(local("30 8 * * *", NEW_YEAR, Duration.ofDays(1)))
        .containsExactly(LocalDateTime.parse("2026-01-01T08:30:00"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          61 * * * *      | minute "61" | 0-59
          * 24 * * *      | hour "24" | 0-23
          * * 0 * *       | day-of-month "0" | 1-31
          * * 32 * *      | day-of-month "32" | 1-31
          * * * 13 *      | month "13" | 1-12 or JAN-DEC
          * * * 0 *       | month "0" | 1-12 or JAN-DEC
          * * * JANUARY * | month "JANUARY" | 1-12 or JAN-DEC
          * * * * 8       | day-of-week "8" | 0-7 or SUN-SAT
          * * * * MONDAY  | day-of-week "MONDAY" | 0-7 or SUN-SAT
          60 * * * * *    | second "60" | 0-59
          * 1-24 * * *    | hour "1-24" | 0-23
          -1 * * * *      | minute "-1" | 0-59
          1- * * * *      | minute "1-" | 0-59
          1-2-3 * * * *   | minute "1-2-3" | 0-59
          001 * * * *     | minute "001" | 0-59
          1,,2 * * * *    | minute "" | 0-59
          1, * * * *      | minute "" | 0-59
          *-5 * * * *     | minute "*-5" | 0-59
          ** * * * *      | minute "**" | 0-59
          /5 * * * *      | minute "/5" | 0-59
          ? * * * *       | minute "?" | 0-59
          * * 1,? * *     | day-of-month "?" | 1-31
          */0 * * * *     | minute "*/0" | step of 1 to 60
          */61 * * * *    | minute "*/61" | step of 1 to 60
          */ * * * *      | minute "*/" | step of 1 to 60
          1/2/3 * * * *   | minute "1/2/3" | step of 1 to 60
          1/-2 * * * *    | minute "1/-2" | step of 1 to 60
          * */25 * * *    | hour "*/25" | step of 1 to 24
          * * */32 * *    | day-of-month "*/32" | step of 1 to 31
          * * * */13 *    | month "*/13" | step of 1 to 12
          * * * * */8     | day-of-week "*/8" | step of 1 to 7
          * * L-0 * *     | day-of-month "L-0" | L-1 to L-30
          * * L-31 * *    | day-of-month "L-31" | L-1 to L-30
          * * L3 * *      | day-of-month "L3" | 1-31
          * * W * *       | day-of-month "W" | 1W to 31W
          * * 32W * *     | day-of-month "32W" | 1W to 31W
          * * 1-5W * *    | day-of-month "1-5W" | 1W to 31W
          * * L-3W * *    | day-of-month "L-3W" | L-1 to L-30
          * * * * L       | day-of-week "L" | 5L or FRIL
          * * * * 8L      | day-of-week "8L" | 5L or FRIL
          * * * * 5#6     | day-of-week "5#6" | 1 to 5
          * * * * 5#0     | day-of-week "5#0" | 1 to 5
          * * * * #2      | day-of-week "#2" | 1 to 5
          * * * * 8#1     | day-of-week "8#1" | 1 to 5
          * * 5#2 * *     | day-of-month "5#2" | 1-31
          * * * * 5W      | day-of-week "5W" | 0-7 or SUN-SAT
          * * * L *       | month "L" | 1-12 or JAN-DEC
          * * * *         | had 4 | 5 fields (minute hour day-of-month month day-of-week)
          * * * * * * *   | had 7 | or 6 with the second before them
          @reboot         | cron name | @yearly
          @daily 5        | cron name | @daily
          * * * * é       | U+00E9 (position 9) | must not have
          ٣ * * * *       | U+0663 (position 1) | must not have
          """)
  void whatIsNoExpressionIsRefusedWithItsFieldItsTextAndWhatIsAllowed(
      String expression, String where, String allowed) {
    assertThatThrownBy(() -> cron(expression, UTC))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(where)
        .hasMessageContaining(allowed)
        .hasMessageContaining("\"" + expression.replaceAll("[^ -~]", "?") + "\"");
  }

  /** Letters that become ASCII when they are made capitals. */
  @ParameterizedTest
  @ValueSource(strings = {"0 0 * * fr\u0131", "0 0 * * \u017fun", "0 0 * * *\u00a0", "0 0 * * *\n"})
  void lookalikesAreRefused(String expression) {
    assertThatThrownBy(() -> cron(expression, UTC))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("must not have the character U+")
        .hasMessageMatching("[ -~]+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void nothingIsRefused(String expression) {
    assertThatThrownBy(() -> cron(expression, UTC))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("had 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 30 2 *",
        "0 0 31 4,6,9,11 *",
        "0 0 30W 2 *",
        "0 0 L-29 2 *",
        "0 0 L-30 4 *",
        "0 0 1-7 * MON#2",
        "0 0 1-20 * FRIL",
        "0 0 LW * SAT,SUN",
        "* * * 15W * SUN"
      })
  void whatCanNeverFireIsRefused(String expression) {
    assertThatThrownBy(() -> cron(expression, UTC))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("never fires")
        .hasMessageContaining(expression);
  }

  @Test
  void aTextOf255CharactersIsReadAndALongerOneRefused() {
    String text = "0 0 * * " + "1,".repeat(123) + "1";
    assertThat(text).hasSize(Schedule.MAX_LENGTH);
    assertThat(cron(text, UTC).spec()).isEqualTo(text);
    assertThatThrownBy(() -> cron(text + " ", UTC))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("at most 255 characters, had 256")
        .hasMessageContaining("\"0 0 * * 1,");
    assertThatThrownBy(() -> cron("*".repeat(1_000_000), UTC))
        .isInstanceOf(InvalidJobException.class)
        .message()
        .hasSizeLessThan(200);
  }

  private static String dates(String expression) {
    return cron(expression, UTC).preview(NEW_YEAR.minusSeconds(1), 4).stream()
        .map(firing -> firing.toString().substring(0, 10))
        .collect(Collectors.joining(" "));
  }

  private static String shown(String expression, Duration span, ToIntFunction<LocalDateTime> part) {
    return local(expression, NEW_YEAR, span).stream()
        .mapToInt(part)
        .sorted()
        .distinct()
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
  }

  private static List<LocalDateTime> local(String expression, Instant start, Duration span) {
    return cron(expression, UTC).preview(start.minusSeconds(1), 100).stream()
        .filter(firing -> firing.isBefore(start.plus(span)))
        .map(firing -> LocalDateTime.ofInstant(firing, UTC))
        .toList();
  }
}
