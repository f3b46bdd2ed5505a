package dev.jobs4j.api.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Text from anyone: it is a schedule or refused, and either within a second. */
class HostileCronTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final String ALPHABET =
      "0123456789*?,-/#@LWw \t:.+PTZJANMONfridaySUNevery\u0131\u00df\u0000\n\"";
  private static final List<ZoneId> ZONES =
      List.of(ZoneId.of("UTC"), ZoneId.of("Africa/Casablanca"), ZoneId.of("+18:00"));
  private static final List<Instant> MOMENTS =
      List.of(
          Instant.MIN,
          Instant.parse("-0044-03-15T00:00:00Z"),
          Instant.EPOCH,
          Instant.parse("2026-02-28T23:59:59.999999999Z"),
          Instant.parse("9999-12-31T23:59:59Z"),
          Instant.parse("+10000-01-01T00:00:00Z"),
          Instant.MAX);

  private int schedules;

  @Test
  void anyTextIsAScheduleOrRefused() {
    Random random = new Random(20261101);
    for (int i = 0; i < 60_000; i++) {
      attack(text(random), ZONES.get(i % ZONES.size()));
    }
    assertThat(schedules).as("texts that were schedules").isGreaterThan(5_000);
  }

  @Test
  void rareDaysAreFoundAtOnce() {
    for (String text :
        List.of(
            "* * 29 2 MON",
            "0 0 29 2 SUN#5",
            "* * * L-28 2 7",
            "0 0 29W 2 FRI",
            "59 59 23 29 2 SAT",
            "*/59 * 29 2 SAT")) {
      for (ZoneId zone : ZONES) {
        attack(text, zone);
      }
    }
    assertThat(schedules).isEqualTo(6 * ZONES.size());
  }

  private void attack(String text, ZoneId zone) {
    long start = System.nanoTime();
    try {
      Schedule schedule = Schedule.parse(text, zone);
      schedules++;
      for (Instant moment : MOMENTS) {
        Optional<Instant> next = schedule.next(moment);
        assertThat(next.isEmpty() || next.get().isAfter(moment)).as(text + " " + next).isTrue();
        assertThat(next.isEmpty() || isWithinLimits(next.get())).as(text + " " + next).isTrue();
      }
      assertThat(schedule.next(Instant.EPOCH)).as(text).isPresent();
      assertThat(Schedule.parse(schedule.spec(), schedule.zone())).isEqualTo(schedule);
    } catch (InvalidJobException e) {
      assertThat(e.getMessage()).as(text).matches("[ -~\t]{1,600}");
    }
    assertThat(System.nanoTime() - start).as(text).isLessThan(SECOND);
  }

  private static boolean isWithinLimits(Instant firing) {
    return !firing.isBefore(Instant.EPOCH)
        && firing.isBefore(Instant.parse("+10000-01-01T00:00:00Z"));
  }

  /** Noise, or a good text with a few characters changed. */
  private static String text(Random random) {
    int kind = random.nextInt(10);
    if (kind == 0) {
      return noise(random, random.nextInt(400));
    }
    if (kind == 1) {
      return "@" + (random.nextBoolean() ? "every " : "delay ") + noise(random, random.nextInt(8));
    }
    String good =
        kind == 2
            ? "@every PT" + random.nextInt(100) + "M from 2026-11-01T08:00:00Z"
            : new RandomCron.Maker(random, random.nextBoolean(), true, true, false).make().text;
    StringBuilder text = new StringBuilder(good);
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.deleteCharAt(at).append(' ');
        case 1 -> text.insert(at, noise(random, 1));
        default -> text.replace(at, at + 1, noise(random, 1));
      }
    }
    return text.toString();
  }

  private static String noise(Random random, int length) {
    StringBuilder noise = new StringBuilder();
    for (int i = 0; i < length; i++) {
      noise.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return noise.toString();
  }
}
