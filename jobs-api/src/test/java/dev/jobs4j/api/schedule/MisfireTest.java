package dev.jobs4j.api.schedule;

import static dev.jobs4j.api.schedule.Schedule.cron;
import static dev.jobs4j.api.schedule.Schedule.every;
import static dev.jobs4j.api.schedule.Schedule.withDelay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MisfireTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Schedule HOURLY = cron("@hourly", ZoneOffset.UTC);
  private static final Instant DUE = at(8);

  @Test
  void whatIsOnTimeStartsByEveryRule() {
    for (Misfire misfire : List.of(Misfire.SKIP, Misfire.RUN_ONCE, Misfire.runAll(5))) {
      assertThat(misfire.firings(HOURLY, DUE, DUE, MINUTE)).containsExactly(DUE);
      assertThat(misfire.firings(HOURLY, DUE, DUE.plusSeconds(60), MINUTE)).containsExactly(DUE);
      assertThat(misfire.firings(HOURLY, DUE, DUE.minusNanos(1), MINUTE)).isEmpty();
    }
  }

  @Test
  void whatIsMissedStartsByTheRule() {
    Instant now = at(11).plusSeconds(61);
    assertThat(Misfire.SKIP.firings(HOURLY, DUE, now, MINUTE)).isEmpty();
    assertThat(Misfire.RUN_ONCE.firings(HOURLY, DUE, now, MINUTE)).containsExactly(at(11));
    assertThat(Misfire.runAll(3).firings(HOURLY, DUE, now, MINUTE))
        .containsExactly(at(9), at(10), at(11));
    assertThat(Misfire.runAll(10).firings(HOURLY, DUE, now, MINUTE))
        .containsExactly(at(8), at(9), at(10), at(11));
  }

  @Test
  void aFiringOnTimeComesAfterWhatWasMissedAndMakesUpForItOnce() {
    Instant now = at(11).plusSeconds(30);
    assertThat(Misfire.SKIP.firings(HOURLY, DUE, now, MINUTE)).containsExactly(at(11));
    assertThat(Misfire.RUN_ONCE.firings(HOURLY, DUE, now, MINUTE)).containsExactly(at(11));
    assertThat(Misfire.runAll(2).firings(HOURLY, DUE, now, MINUTE))
        .containsExactly(at(9), at(10), at(11));
  }

  /** As after a change of the schedule, or when it was asked to run now. */
  @Test
  void theStoredFiringCountsEvenIfTheScheduleHasItNoMore() {
    Instant odd = DUE.plusSeconds(1_000);
    assertThat(Misfire.SKIP.firings(HOURLY, odd, odd, MINUTE)).containsExactly(odd);
    assertThat(Misfire.runAll(9).firings(HOURLY, odd, at(10).plusSeconds(90), MINUTE))
        .containsExactly(odd, at(9), at(10));
  }

  @Test
  void withoutToleranceOnlyThePresentIsOnTime() {
    assertThat(Misfire.SKIP.firings(HOURLY, DUE, DUE, Duration.ZERO)).containsExactly(DUE);
    assertThat(Misfire.SKIP.firings(HOURLY, DUE, DUE.plusNanos(1), Duration.ZERO)).isEmpty();
    assertThatThrownBy(() -> Misfire.SKIP.firings(HOURLY, DUE, DUE, MINUTE.negated()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("tolerance");
  }

  @Test
  void aDelayIsLateOnceHoweverLongItWas() {
    Schedule delay = withDelay(Duration.ofMinutes(5));
    assertThat(Misfire.runAll(9).firings(delay, DUE, at(12), MINUTE)).containsExactly(DUE);
    assertThat(Misfire.RUN_ONCE.firings(delay, DUE, at(12), MINUTE)).containsExactly(DUE);
    assertThat(Misfire.SKIP.firings(delay, DUE, at(12), MINUTE)).isEmpty();
    assertThat(Misfire.SKIP.firings(delay, DUE, DUE.plusSeconds(60), MINUTE)).containsExactly(DUE);
    assertThat(Misfire.runAll(9).firings(delay, DUE, DUE.minusNanos(1), MINUTE)).isEmpty();
  }

  /** A century of seconds: walking over all of them would take an hour. */
  @ParameterizedTest
  @ValueSource(strings = {"@every PT1S", "* * * * * *", "@every PT24H", "0 0 29 2 *"})
  void centuriesOfMissedFiringsTakeNoTime(String spec) {
    Schedule schedule = Schedule.parse(spec, ZoneOffset.UTC);
    Instant due = Instant.parse("1970-01-01T00:00:01Z");
    Instant now = Instant.parse("2070-01-01T00:00:00Z");
    long start = System.nanoTime();
    List<Instant> firings = Misfire.runAll(1_000).firings(schedule, due, now, Duration.ZERO);
    assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(2).toNanos());
    assertThat(firings).isSorted().doesNotHaveDuplicates();
    assertThat(schedule.next(firings.get(firings.size() - 1)).orElseThrow()).isAfter(now);
    if (!spec.startsWith("0")) {
      assertThat(firings).hasSizeGreaterThanOrEqualTo(1_000);
      assertThat(firings.get(firings.size() - 2))
          .isEqualTo(schedule.next(firings.get(firings.size() - 3)).orElseThrow());
    } else {
      assertThat(firings).hasSize(26).startsWith(due);
    }
  }

  @Test
  void theLatestAreTheLatestOfAnyNumber() {
    Schedule schedule = cron("*/7 1-3 * * MON,THU", ZoneOffset.UTC);
    Instant now = DUE.plus(Duration.ofDays(40));
    List<Instant> all = schedule.preview(DUE, 1_000).stream().filter(f -> f.isBefore(now)).toList();
    for (int n : IntStream.of(1, 2, 26, 27, 28, 100, all.size() - 1, all.size()).toArray()) {
      assertThat(Misfire.runAll(n).firings(schedule, all.get(0), now, Duration.ZERO))
          .isEqualTo(all.subList(all.size() - n, all.size()));
    }
    assertThat(Misfire.runAll(1_000).firings(schedule, all.get(0), now, Duration.ZERO))
        .isEqualTo(all);
  }

  @ParameterizedTest
  @CsvSource({"SKIP, SKIP", "' run_once', RUN_ONCE", "Run_All(12), RUN_ALL(12)"})
  void whatIsWrittenCanBeReadBack(String text, String spec) {
    Misfire misfire = Misfire.parse(text);
    assertThat(misfire.spec()).isEqualTo(spec);
    assertThat(misfire).hasToString(spec);
    assertThat(Misfire.parse(spec)).isEqualTo(misfire);
  }

  @Test
  void theTextFormMeansTheSameAsTheConstants() {
    assertThat(Misfire.parse("SKIP")).isEqualTo(Misfire.SKIP);
    assertThat(Misfire.parse("RUN_ONCE")).isEqualTo(Misfire.RUN_ONCE);
    assertThat(Misfire.parse("RUN_ALL(12)")).isEqualTo(Misfire.runAll(12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "RUN", "RUN_ALL", "RUN_ALL()", "RUN_ALL(-1)", "SKIP(1)", "RUN_ALL(9999999)"})
  void whatIsNoRuleIsRefused(String text) {
    assertThatThrownBy(() -> Misfire.parse(text))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("misfire must be SKIP, RUN_ONCE or RUN_ALL(n), was \"" + text + "\"");
  }

  @Test
  void aNumberThatDoesNotFitTheRuleIsRefused() {
    for (int max : new int[] {0, -1, 1_001}) {
      assertThatThrownBy(() -> Misfire.runAll(max))
          .isInstanceOf(InvalidJobException.class)
          .hasMessage("misfire RUN_ALL must be of 1 to 1000 runs, was " + max);
    }
    assertThatThrownBy(() -> Misfire.parse("RUN_ALL(1001)"))
        .isInstanceOf(InvalidJobException.class);
    assertThatThrownBy(() -> new Misfire(Misfire.Rule.SKIP, 1))
        .isInstanceOf(InvalidJobException.class);
    assertThatThrownBy(() -> new Misfire(Misfire.Rule.RUN_ONCE, 2))
        .isInstanceOf(InvalidJobException.class);
  }

  @Test
  void aRateIsMissedLikeACronExpression() {
    assertThat(
            Misfire.runAll(2)
                .firings(every(Duration.ofHours(1)), DUE, at(11).plusSeconds(61), MINUTE))
        .containsExactly(at(10), at(11));
  }

  private static Instant at(int hour) {
    return Instant.parse("2026-11-01T00:00:00Z").plus(Duration.ofHours(hour));
  }
}
