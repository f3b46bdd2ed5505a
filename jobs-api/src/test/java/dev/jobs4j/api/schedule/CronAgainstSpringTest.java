package dev.jobs4j.api.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.support.CronExpression;

/**
 * Random expressions against Spring's {@link CronExpression}, where both define the same: without
 * ranges over a field's end, without steps in a week, and away from changes of the clocks.
 */
class CronAgainstSpringTest {

  private static final List<String> ZONES =
      List.of("UTC", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu");

  private static final Duration AWAY = Duration.ofDays(3);

  @Test
  void firesWhenSpringDoes() {
    int compared = 0;
    for (long seed = 0; seed < 2_500; seed++) {
      compared += compare(seed);
    }
    assertThat(compared).as("firings compared").isGreaterThan(15_000);
  }

  private static int compare(long seed) {
    Random random = new Random(seed);
    boolean seconds = random.nextBoolean();
    RandomCron cron = new RandomCron.Maker(random, seconds, false, true, false).make();
    ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    Instant at = Instant.parse("2020-01-01T00:00:00Z").plusSeconds(random.nextInt(500_000_000));
    CronExpression spring =
        CronExpression.parse((seconds ? "" : "0 ") + cron.text.toUpperCase(Locale.ROOT));
    CronSchedule ours;
    try {
      ours = CronSchedule.of(cron.text, zone);
    } catch (InvalidJobException e) {
      assertThat(e).hasMessageContaining("never fires");
      assertThat(spring.next(at.atZone(zone))).as(cron.text).isNull();
      return 0;
    }
    int compared = 0;
    for (int i = 0; i < 12; i++) {
      ZonedDateTime theirs = spring.next(at.atZone(zone));
      if (theirs == null) {
        return compared; // Spring gives up after some years
      }
      Instant mine = ours.next(at).orElseThrow();
      if (noChangeBetween(zone, at, mine) && noChangeBetween(zone, at, theirs.toInstant())) {
        assertThat(mine)
            .as("\"%s\" in %s after %s, seed %d", cron.text, zone, at, seed)
            .isEqualTo(theirs.toInstant());
        compared++;
      }
      at = mine;
    }
    return compared;
  }

  private static boolean noChangeBetween(ZoneId zone, Instant from, Instant to) {
    ZoneOffsetTransition change = zone.getRules().nextTransition(from.minus(AWAY));
    return change == null || change.getInstant().isAfter(to.plus(AWAY));
  }
}
