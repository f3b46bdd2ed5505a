package dev.jobs4j.api.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random expressions around each change of the clocks, against one look at the clock a minute. */
class CronAgainstWalkerTest {

  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("2036-01-01T00:00:00Z");
  private static final Duration AROUND = Duration.ofHours(14);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void everyChangeOfEveryZoneFrom2020To2035IsFollowedAsTheClockShowsIt() {
    Map<List<ZoneOffsetTransition>, ZoneId> zones = zonesByTheirChanges();
    assertThat(zones).hasSizeGreaterThan(30);
    long seed = 1;
    int changes = 0;
    for (Map.Entry<List<ZoneOffsetTransition>, ZoneId> zone : zones.entrySet()) {
      for (ZoneOffsetTransition change : zone.getKey()) {
        changes++;
        Walk walk = new Walk(zone.getValue(), MINUTE, change.getInstant(), AROUND);
        for (int i = 0; i < 10; i++) {
          Random random = new Random(seed++);
          RandomCron cron = new RandomCron.Maker(random, false, true, false, true).make();
          walk.check(cron, seed - 1);
        }
      }
    }
    assertThat(changes).isGreaterThan(500);
  }

  /** Changes of half an hour, at midnight, of a whole day, in wartime and by odd seconds. */
  @ParameterizedTest
  @CsvSource({
    "Australia/Lord_Howe, 2026-04-04T15:00:00Z",
    "Australia/Lord_Howe, 2026-10-03T15:30:00Z",
    "America/Sao_Paulo, 2018-11-04T03:00:00Z",
    "America/Sao_Paulo, 2018-02-18T02:00:00Z",
    "Africa/Cairo, 2026-04-23T22:00:00Z",
    "America/Havana, 2026-11-01T05:00:00Z",
    "Antarctica/Troll, 2026-03-29T01:00:00Z",
    "Antarctica/Troll, 2026-10-25T01:00:00Z",
    "Europe/Dublin, 2026-10-25T01:00:00Z",
    "Asia/Pyongyang, 2018-05-04T15:00:00Z",
    "Pacific/Apia, 2011-12-30T10:00:00Z",
    "Pacific/Kwajalein, 1993-08-21T12:00:00Z",
    "Africa/Monrovia, 1972-01-07T00:44:30Z"
  })
  void oddChangesAreFollowedToTheSecond(String id, Instant change) {
    ZoneId zone = ZoneId.of(id);
    assertThat(zone.getRules().nextTransition(change.minusSeconds(1)).getInstant())
        .as("the change that is meant")
        .isEqualTo(change);
    Walk walk = new Walk(zone, SECOND, change, Duration.ofHours(3));
    for (long seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      RandomCron cron = new RandomCron.Maker(random, true, true, false, true).make();
      walk.check(cron, seed);
    }
  }

  @Test
  void specialDaysAreThoseOfTheCalendar() {
    for (long seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      RandomCron cron = new RandomCron.Maker(random, false, true, true, false).make();
      Instant from = START.plus(Duration.ofDays(random.nextInt(5_000)));
      new Walk(ZoneId.of("UTC"), MINUTE, from, Duration.ofDays(12)).check(cron, seed);
    }
  }

  /** A stretch of time, walked once for many expressions. */
  private record Walk(ZoneId zone, Instant start, Instant end, ClockWalker walker) {

    Walk(ZoneId zone, Duration step, Instant middle, Duration around) {
      this(
          zone,
          middle.minus(around),
          middle.plus(around),
          new ClockWalker(zone, step, middle.minus(around), middle.plus(around)));
    }

    void check(RandomCron cron, long seed) {
      List<Instant> expected =
          cron.everyHour() ? walker.wheneverShown(cron::matches) : walker.onceShown(cron::matches);
      String what = "\"%s\" in %s from %s, seed %d".formatted(cron.text, zone, start, seed);
      Optional<CronSchedule> schedule = parsed(cron, zone);
      assertThat(schedule.map(this::firings).orElse(List.of())).as(what).isEqualTo(expected);
      schedule.ifPresent(it -> checkFromAnyMoment(it, new TreeSet<>(expected), what, seed));
    }

    /** Also from moments at which nothing fires, as within the second showing of an hour. */
    private void checkFromAnyMoment(
        CronSchedule schedule, NavigableSet<Instant> expected, String what, long seed) {
      Random random = new Random(seed);
      for (int i = 0; i < 20; i++) {
        long millis = random.nextInt((int) Duration.between(start, end).toMillis());
        Instant moment = start.plusMillis(millis);
        Instant next = schedule.next(moment).orElseThrow();
        Instant wanted = expected.higher(moment);
        assertThat(next.isAfter(end) ? null : next)
            .as("%s, after %s", what, moment)
            .isEqualTo(wanted);
      }
    }

    private List<Instant> firings(CronSchedule schedule) {
      List<Instant> firings = new ArrayList<>();
      Instant next = schedule.next(start).orElseThrow();
      for (Instant at = start; !next.isAfter(end); next = schedule.next(at).orElseThrow()) {
        assertThat(next).isAfter(at);
        firings.add(next);
        at = next;
      }
      return firings;
    }
  }

  /** Empty for what can never fire, such as 31 JUN, which the parser refuses. */
  private static Optional<CronSchedule> parsed(RandomCron cron, ZoneId zone) {
    try {
      return Optional.of(CronSchedule.of(cron.text, zone));
    } catch (InvalidJobException e) {
      assertThat(e).hasMessageContaining("never fires");
      return Optional.empty();
    }
  }

  /** One zone for each list of changes that some zone has. */
  private static Map<List<ZoneOffsetTransition>, ZoneId> zonesByTheirChanges() {
    Map<List<ZoneOffsetTransition>, ZoneId> zones = new LinkedHashMap<>();
    for (String id : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
      ZoneRules rules = ZoneId.of(id).getRules();
      List<ZoneOffsetTransition> changes = new ArrayList<>();
      ZoneOffsetTransition change = rules.nextTransition(START);
      while (change != null && change.getInstant().isBefore(END)) {
        changes.add(change);
        change = rules.nextTransition(change.getInstant());
      }
      zones.putIfAbsent(changes, ZoneId.of(id));
    }
    return zones;
  }
}
