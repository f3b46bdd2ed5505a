package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.StoredSchedule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Recurring jobs are kept as they were saved, are due in their time, and can be held up. */
abstract class ScheduleCases extends RecurringCases {

  @Test
  void aRecurringJobIsKeptAsItWasSaved() {
    ScheduleDefinition all =
        new ScheduleDefinition(
            "every/thing",
            "0 3 * * *",
            "Europe/Moscow",
            "RUN_ALL(7)",
            "QUEUE",
            Duration.ofMillis(1_500),
            "for Zoë 🚀",
            true,
            definition("x", HOURLY).job().toBuilder()
                .typeVersion(3)
                .priority(Priority.HIGH)
                .expires(new Due.In(HOUR))
                .maxAttempts(4)
                .tenant("acme")
                .tags(List.of("a", "b"))
                .fifo(can(Capability.FIFO) ? new Fifo("line", Fifo.OnDead.SKIP) : null)
                .headers(Map.of("trace", "01"))
                .payload(new Payload("bytes", new byte[] {0, -1, 7}))
                .build());

    schedules().save(all, HOURLY::next);

    assertThat(stored("every/thing").definition()).isEqualTo(all);
  }

  @Test
  void whatNobodySavedIsNotFound() {
    save("a");

    assertThat(schedules().find("b")).isEmpty();
    assertThat(schedules().delete("b")).isFalse();
    assertThat(schedules().pause("b", SchedulePause.of("anna", ""))).isFalse();
    assertThat(schedules().resume("b")).isFalse();
  }

  @Test
  void aNewOneIsPutBeforeItsFirstFiringByTheStoresClock() {
    Instant before = storeNow();
    StoredSchedule saved = save("a");

    assertThat(saved.asOf()).isAfterOrEqualTo(before).isBefore(before.plusSeconds(60));
    assertThat(saved.position().nextFiring()).isEqualTo(HOURLY.next(saved.asOf()).orElseThrow());
    assertThat(saved.position().lastFiring()).isNull();
    assertThat(saved.lastRun()).isNull();
    assertThat(stored("a").position()).isEqualTo(saved.position());
  }

  @Test
  void savingTheSameAgainChangesNothing() {
    StoredSchedule first = save("a");
    advance(HOUR.multipliedBy(3));

    StoredSchedule again = save("a");

    assertThat(again.position()).isEqualTo(first.position());
    assertThat(again.revision()).isEqualTo(first.revision());
  }

  @Test
  void anotherPayloadLeavesTheNextFiringWhereItIs() {
    StoredSchedule first = save("a");
    advance(HOUR.multipliedBy(3));
    Payload other = new Payload("json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    ScheduleDefinition changed = definition("a", HOURLY, NewJobs.job().payload(other).build());

    StoredSchedule saved = schedules().save(changed, HOURLY::next);

    assertThat(saved.position()).isEqualTo(first.position());
    assertThat(saved.definition()).isEqualTo(changed);
    assertThat(saved.revision()).isNotEqualTo(first.revision());
  }

  @Test
  void otherInstantsStartFromNow() {
    save("a");
    advance(HOUR.multipliedBy(30));
    Schedule daily = Schedule.cron("0 3 * * *", ZoneId.of("Asia/Tokyo"));

    StoredSchedule saved = save("a", daily);

    assertThat(saved.position().nextFiring()).isEqualTo(daily.next(saved.asOf()).orElseThrow());
    assertThat(saved.position().nextFiring()).isAfter(saved.asOf());
    assertThat(due()).isEmpty();
  }

  @Test
  void anotherZoneIsOtherInstants() {
    Schedule tokyo = Schedule.cron("0 3 * * *", ZoneId.of("Asia/Tokyo"));
    Schedule berlin = Schedule.cron("0 3 * * *", ZoneId.of("Europe/Berlin"));
    save("a", tokyo);

    StoredSchedule saved = save("a", berlin);

    assertThat(saved.position().nextFiring()).isEqualTo(berlin.next(saved.asOf()).orElseThrow());
  }

  @Test
  void noneIsDueBeforeItsFiring() {
    save("a", Schedule.every(HOUR).startingAt(storeNow().plus(HOUR)));
    advance(HOUR.minusMinutes(1));

    assertThat(due()).isEmpty();
  }

  @Test
  void eachIsDueAtItsFiringTheLongestDueFirst() {
    Instant now = storeNow();
    save("late", Schedule.every(HOUR).startingAt(now.plusSeconds(600)));
    save("zeal", Schedule.every(HOUR).startingAt(now.plusSeconds(300)));
    save("later", Schedule.every(HOUR).startingAt(now.plusSeconds(900)));
    advance(Duration.ofMinutes(20));

    assertThat(due()).containsExactly("zeal", "late", "later");
    assertThat(schedules().due(2)).extracting(StoredSchedule::name).containsExactly("zeal", "late");
  }

  @Test
  void whatFiresNoMoreIsNeverDue() {
    StoredSchedule saved = schedules().save(definition("a", HOURLY), now -> Optional.empty());
    advance(HOUR.multipliedBy(100));

    assertThat(saved.position().nextFiring()).isNull();
    assertThat(due()).isEmpty();
  }

  @Test
  void aListIsInTheOrderOfNamesAndGoesOnBehindOne() {
    List.of("b", "a.2", "B", "a").forEach(this::save);

    assertThat(schedules().list(null, 10))
        .extracting(StoredSchedule::name)
        .containsExactly("B", "a", "a.2", "b");
    assertThat(schedules().list("a", 2))
        .extracting(StoredSchedule::name)
        .containsExactly("a.2", "b");
    assertThat(schedules().list(null, 1)).extracting(StoredSchedule::name).containsExactly("B");
  }

  @Test
  void aDeletedOneIsGone() {
    save("a");
    save("b");
    advance(HOUR.multipliedBy(2));

    assertThat(schedules().delete("a")).isTrue();

    assertThat(schedules().find("a")).isEmpty();
    assertThat(schedules().delete("a")).isFalse();
    assertThat(due()).containsExactly("b");
  }

  @Test
  void aPausedOneIsNotDueAndSaysWhoAndWhy() {
    save("a");
    assertThat(schedules().pause("a", SchedulePause.of("anna", "moving"))).isTrue();
    advance(HOUR.multipliedBy(2));

    assertThat(due()).isEmpty();
    assertThat(stored("a").isPaused()).isTrue();
    assertThat(stored("a").pause()).isEqualTo(SchedulePause.of("anna", "moving"));
  }

  @Test
  void aPauseEndsByItself() {
    save("a");
    Instant end = storeNow().plus(HOUR.multipliedBy(10));
    schedules().pause("a", SchedulePause.of("anna", "").until(end));
    advance(HOUR.multipliedBy(9));
    assertThat(due()).isEmpty();
    assertThat(stored("a").pause().until()).contains(end.truncatedTo(ChronoUnit.MICROS));
    advance(HOUR.plusMinutes(1));

    assertThat(due()).containsExactly("a");
    assertThat(stored("a").isPaused()).isFalse();
  }

  @Test
  void aResumedOneIsDueAtOnce() {
    save("a", Schedule.every(Duration.ofDays(300)));
    schedules().pause("a", SchedulePause.of("anna", ""));

    assertThat(schedules().resume("a")).isTrue();

    assertThat(due()).containsExactly("a");
    assertThat(stored("a").isPaused()).isFalse();
    assertThat(schedules().resume("a")).isFalse();
  }

  @Test
  void aPauseStaysWhenItIsSavedAgain() {
    save("a");
    schedules().pause("a", SchedulePause.of("anna", ""));
    save("a", Schedule.every(Duration.ofMinutes(7)));
    advance(HOUR);

    assertThat(stored("a").isPaused()).isTrue();
    assertThat(due()).isEmpty();
  }
}
