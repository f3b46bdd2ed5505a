package dev.jobs4j.tck;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.schedule.FixedRate;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.ScheduleFiring;
import dev.jobs4j.spi.SchedulePosition;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.StoredSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/** What the cases of recurring jobs have in common. */
abstract class RecurringCases extends StoreCases {

  static final Duration HOUR = Duration.ofHours(1);
  static final FixedRate HOURLY = Schedule.every(HOUR);

  @BeforeEach
  final void keepsRecurringJobs() {
    assumeTrue(can(Capability.SCHEDULES), "keeps no recurring jobs");
  }

  final ScheduleStore schedules() {
    return store.schedules();
  }

  static ScheduleDefinition definition(String name, Schedule schedule) {
    return definition(name, schedule, NewJobs.job().build());
  }

  static ScheduleDefinition definition(String name, Schedule schedule, NewJob job) {
    return new ScheduleDefinition(
        name,
        schedule.spec(),
        schedule.zone().getId(),
        "RUN_ONCE",
        "SKIP",
        Duration.ZERO,
        null,
        false,
        job.toBuilder().id(new JobId(new UUID(0, 0))).build());
  }

  /** Saves one that fires each hour. */
  final StoredSchedule save(String name) {
    return save(name, HOURLY);
  }

  final StoredSchedule save(String name, Schedule schedule) {
    return schedules().save(definition(name, schedule), schedule::next);
  }

  final StoredSchedule stored(String name) {
    return schedules()
        .find(name)
        .orElseThrow(() -> new AssertionError("recurring job " + name + " is gone"));
  }

  final List<String> due() {
    return schedules().due(100).stream().map(StoredSchedule::name).toList();
  }

  /** A step that enqueues these jobs and puts its recurring job an hour on. */
  static ScheduleFiring firing(StoredSchedule of, NewJob... jobs) {
    Instant next = of.asOf().plus(HOUR);
    return new ScheduleFiring(
        of.name(),
        of.revision(),
        List.of(jobs),
        new SchedulePosition(next, next, null, of.asOf()),
        null);
  }

  final List<Enqueued> fire(ScheduleFiring firing) {
    return schedules().fire(List.of(firing)).get(firing.name());
  }
}
