package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.ScheduleFiring;
import dev.jobs4j.spi.StoredSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What recurring jobs, pauses and limits are asked. */
final class ScheduleDeeds {

  private static final Operator ANN = new Operator("ann", "is on call");
  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

  private final Map<String, VictimWorld.Deed> deeds;

  ScheduleDeeds(Map<String, VictimWorld.Deed> deeds) {
    this.deeds = deeds;
  }

  private void put(String call, VictimWorld.Deed deed) {
    deeds.put(call, deed);
  }

  /** Puts all of them. */
  void put() {
    putSchedules();
    putOthers();
  }

  private void putSchedules() {
    put(
        "ScheduleStore.save",
        w ->
            w.armed()
                .schedules()
                .save(definition(), asOf -> Optional.of(LATER))
                .definition()
                .name());
    put(
        "ScheduleStore.save a change",
        w -> {
          saved(w);
          return w.armed()
              .schedules()
              .save(
                  new ScheduleDefinition(
                      "nightly",
                      "0 4 * * *",
                      "UTC",
                      "RUN_ONCE",
                      "SKIP",
                      Duration.ZERO,
                      null,
                      false,
                      definition().job()),
                  asOf -> Optional.of(LATER))
              .definition()
              .spec();
        });
    put(
        "ScheduleStore.find",
        w -> {
          saved(w);
          return w.armed().schedules().find("nightly").isPresent();
        });
    put(
        "ScheduleStore.list",
        w -> {
          saved(w);
          return w.armed().schedules().list(null, 5).size();
        });
    put(
        "ScheduleStore.delete",
        w -> {
          saved(w);
          return w.armed().schedules().delete("nightly");
        });
    put(
        "ScheduleStore.pause",
        w -> {
          saved(w);
          return w.armed().schedules().pause("nightly", new SchedulePause("ann", "why", null));
        });
    put(
        "ScheduleStore.resume",
        w -> {
          saved(w);
          w.plain.schedules().pause("nightly", new SchedulePause("ann", "why", null));
          return w.armed().schedules().resume("nightly");
        });
    put(
        "ScheduleStore.due",
        w -> {
          saved(w);
          return w.armed().schedules().due(5).size();
        });
    put(
        "ScheduleStore.fire",
        w -> {
          StoredSchedule stored = saved(w);
          ScheduleFiring firing =
              new ScheduleFiring(
                  "nightly", stored.revision(), List.of(Steps.job()), stored.position(), null);
          return w.armed().schedules().fire(List.of(firing)).keySet();
        });
  }

  private void putOthers() {
    put(
        "Pauses.pause",
        w -> {
          w.armed().pauses().orElseThrow().pause(Pause.tenant("acme"), ANN);
          return w.plain.pauses().orElseThrow().list().size();
        });
    put(
        "Pauses.resume",
        w -> {
          w.plain.pauses().orElseThrow().pause(Pause.tenant("acme"), ANN);
          return w.armed().pauses().orElseThrow().resume(Pause.tenant("acme"));
        });
    put("Pauses.list", w -> w.armed().pauses().orElseThrow().list().size());
    put(
        "JobLimits.define",
        w -> {
          w.armed().limits().orElseThrow().define(JobLimit.running("carrier", 2));
          return w.plain.limits().orElseThrow().list();
        });
    put(
        "JobLimits.remove",
        w -> {
          w.plain.limits().orElseThrow().define(JobLimit.running("carrier", 2));
          return w.armed().limits().orElseThrow().remove("carrier");
        });
    put("JobLimits.list", w -> w.armed().limits().orElseThrow().list().size());
    put(
        "JobLimits.use",
        w -> w.armed().limits().orElseThrow().use(LimitKey.parse("carrier/dhl")).running());
  }

  private static ScheduleDefinition definition() {
    return new ScheduleDefinition(
        "nightly",
        "0 3 * * *",
        "UTC",
        "RUN_ONCE",
        "SKIP",
        Duration.ZERO,
        null,
        false,
        Steps.job().toBuilder().id(new JobId(new UUID(0, 0))).build());
  }

  private static StoredSchedule saved(VictimWorld w) {
    return w.plain.schedules().save(definition(), asOf -> Optional.of(LATER));
  }
}
