package dev.jobs4j.core.memory;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.ScheduleFiring;
import dev.jobs4j.spi.SchedulePosition;
import dev.jobs4j.spi.StoredSchedule;
import dev.jobs4j.spi.StoredSchedule.LastRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Wrong ways to take a step of a recurring job. */
final class FiringFaults {

  private FiringFaults() {}

  static List<Fault> all() {
    Gate gate = new Gate();
    return List.of(
        changing("STEP_WITHOUT_JOBS", of -> step(of, List.of(), of.then(), of.ifHeld())),
        changing("STEP_IGNORES_THAT_ITS_RUN_IS_HELD", of -> step(of, of.jobs(), of.then(), null)),
        changing(
            "STEP_ALWAYS_WAITS",
            of -> step(of, of.jobs(), of.ifHeld() == null ? of.then() : of.ifHeld(), null)),
        changing("REPEATED_FIRING_RUNS_AGAIN", FiringFaults::underNewIds),
        afterwards("STEP_DOES_NOT_MOVE", (row, before, of) -> with(row, before.position())),
        afterwards("STEP_KEEPS_THE_PAUSE", (row, before, of) -> row.with(before.pause())),
        afterwards("STEP_FORGETS_THE_LAST_RUN", FiringFaults::forgetRun),
        afterwards("LAST_RUN_IS_THE_FIRST", FiringFaults::firstIsLast),
        afterwards("LAST_RUN_IS_THE_ONE_KEPT_OUT", FiringFaults::wishedIsLast),
        afterwards("KEPT_OUT_STAYS", FiringFaults::stayIfHeld),
        ScheduleFaults.faulty("STEP_WITHOUT_REVISION", WithoutRevision::new),
        ScheduleFaults.faulty("STEP_OF_A_DELETED_ONE", OfDeleted::new),
        ScheduleFaults.faulty("STEPS_ONE_BY_ONE", OneByOne::new),
        ScheduleFaults.faulty("STEP_ANSWERS_SWAPPED", Swapped::new),
        telling("RUN_NEVER_ENDS", run -> new LastRun(run.id(), true, null), row -> true),
        telling(
            "END_OF_RUN_IS_LOST", run -> new LastRun(run.id(), run.underWay(), null), r -> true),
        telling("RETRY_ENDS_A_RUN", run -> new LastRun(run.id(), false, null), FiringFaults::waits),
        telling(
            "DEAD_RUN_IS_UNDER_WAY",
            run -> new LastRun(run.id(), true, null),
            row -> row != null && row.state == JobState.DEAD),
        telling(
            "LOST_RUN_IS_UNDER_WAY", run -> new LastRun(run.id(), true, null), row -> row == null),
        ScheduleFaults.faulty("FIRING_BY_STALE_READ", good -> new StaleStep(good, gate)),
        ScheduleFaults.faulty("SCHEDULE_SAVED_BY_STALE_READ", good -> new StaleSave(good, gate)));
  }

  private static ScheduleFiring step(
      ScheduleFiring of,
      List<NewJob> jobs,
      SchedulePosition then,
      @Nullable SchedulePosition ifHeld) {
    return new ScheduleFiring(of.name(), of.revision(), jobs, then, ifHeld);
  }

  private static ScheduleFiring underNewIds(ScheduleFiring of) {
    List<NewJob> jobs =
        of.jobs().stream()
            .map(job -> job.toBuilder().id(new JobId(UUID.randomUUID())).build())
            .toList();
    return step(of, jobs, of.then(), of.ifHeld());
  }

  private static Fault changing(String name, UnaryOperator<ScheduleFiring> change) {
    return ScheduleFaults.faulty(
        name,
        good ->
            new ForwardingSchedules(good) {
              @Override
              public Map<String, List<Enqueued>> fire(List<ScheduleFiring> firings) {
                return super.fire(firings.stream().map(change).toList());
              }
            });
  }

  private interface Damage {
    ScheduleRow of(ScheduleRow row, ScheduleRow before, ScheduleFiring firing);
  }

  private static Fault afterwards(String name, Damage damage) {
    return ScheduleFaults.faulty(
        name,
        good ->
            new ForwardingSchedules(good) {
              @Override
              public Map<String, List<Enqueued>> fire(List<ScheduleFiring> firings) {
                Map<String, ScheduleRow> before = Map.copyOf(schedules.rows());
                Map<String, List<Enqueued>> taken = super.fire(firings);
                for (ScheduleFiring firing : firings) {
                  if (taken.containsKey(firing.name())) {
                    ScheduleRow row = before.get(firing.name());
                    touch(firing.name(), now -> damage.of(now, row, firing));
                  }
                }
                return taken;
              }
            });
  }

  private static ScheduleRow with(ScheduleRow row, SchedulePosition position) {
    return row.with(row.definition(), position);
  }

  private static ScheduleRow withRun(ScheduleRow row, @Nullable JobId run) {
    return new ScheduleRow(row.definition(), row.position(), row.pause(), run, row.revision());
  }

  private static ScheduleRow forgetRun(ScheduleRow row, ScheduleRow before, ScheduleFiring of) {
    return of.jobs().isEmpty() ? withRun(row, null) : row;
  }

  private static ScheduleRow firstIsLast(ScheduleRow row, ScheduleRow before, ScheduleFiring of) {
    return of.jobs().size() > 1 ? withRun(row, of.jobs().get(0).id()) : row;
  }

  private static ScheduleRow wishedIsLast(ScheduleRow row, ScheduleRow before, ScheduleFiring of) {
    return of.jobs().size() == 1 ? withRun(row, of.jobs().get(0).id()) : row;
  }

  private static ScheduleRow stayIfHeld(ScheduleRow row, ScheduleRow before, ScheduleFiring of) {
    boolean held = of.jobs().size() == 1 && !of.jobs().get(0).id().equals(row.lastRun());
    return held && of.ifHeld() == null ? with(row, before.position()) : row;
  }

  private static boolean waits(@Nullable Row row) {
    return row != null && row.state == JobState.PENDING && row.attempt > 0;
  }

  private static Fault telling(
      String name, UnaryOperator<LastRun> change, Predicate<@Nullable Row> of) {
    return ScheduleFaults.faulty(
        name,
        good ->
            new ForwardingSchedules(good) {
              @Override
              public Optional<StoredSchedule> find(String schedule) {
                return super.find(schedule).map(this::told);
              }

              private StoredSchedule told(StoredSchedule stored) {
                LastRun run = stored.lastRun();
                Row row =
                    run == null ? null : store.locked(() -> store.tables().rows.get(run.id()));
                return new StoredSchedule(
                    stored.definition(),
                    stored.position(),
                    stored.pause(),
                    run != null && of.test(row) ? change.apply(run) : run,
                    stored.revision(),
                    stored.asOf());
              }
            });
  }

  private static final class WithoutRevision extends ForwardingSchedules {
    WithoutRevision(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public Map<String, List<Enqueued>> fire(List<ScheduleFiring> firings) {
      List<ScheduleFiring> forced = new ArrayList<>();
      for (ScheduleFiring of : firings) {
        ScheduleRow row = row(of.name());
        forced.add(
            row == null
                ? of
                : new ScheduleFiring(of.name(), row.revision(), of.jobs(), of.then(), of.ifHeld()));
      }
      return super.fire(forced);
    }
  }

  private static final class OfDeleted extends ForwardingSchedules {
    OfDeleted(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public Map<String, List<Enqueued>> fire(List<ScheduleFiring> firings) {
      for (ScheduleFiring of : firings) {
        if (row(of.name()) == null) {
          store.insert(of.jobs());
        }
      }
      return super.fire(firings);
    }
  }

  private static final class OneByOne extends ForwardingSchedules {
    OneByOne(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public Map<String, List<Enqueued>> fire(List<ScheduleFiring> firings) {
      Map<String, List<Enqueued>> taken = new LinkedHashMap<>();
      firings.forEach(of -> taken.putAll(super.fire(List.of(of))));
      return taken;
    }
  }

  private static final class Swapped extends ForwardingSchedules {
    Swapped(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public Map<String, List<Enqueued>> fire(List<ScheduleFiring> firings) {
      Map<String, List<Enqueued>> taken = super.fire(firings);
      taken.replaceAll(
          (name, answers) -> {
            List<Enqueued> swapped = new ArrayList<>(answers);
            Collections.reverse(swapped);
            return swapped;
          });
      return taken;
    }
  }

  /** Looks at the revision before it begins. */
  private static final class StaleStep extends ForwardingSchedules {
    private final Gate gate;

    StaleStep(InMemoryJobStore good, Gate gate) {
      super(good);
      this.gate = gate;
    }

    @Override
    public Map<String, List<Enqueued>> fire(List<ScheduleFiring> firings) {
      ScheduleRow read = row(firings.get(0).name());
      boolean met = gate.meet();
      ScheduleRow now = row(firings.get(0).name());
      if (!met || read == null || now == null || read.revision() != firings.get(0).revision()) {
        return super.fire(firings);
      }
      ScheduleFiring of = firings.get(0);
      return store.locked(
          () -> {
            long revision = row(of.name()).revision();
            return super.fire(
                List.of(
                    new ScheduleFiring(of.name(), revision, of.jobs(), of.then(), of.ifHeld())));
          });
    }
  }

  /** Writes a new one over another that came meanwhile. */
  private static final class StaleSave extends ForwardingSchedules {
    private final Gate gate;

    StaleSave(InMemoryJobStore good, Gate gate) {
      super(good);
      this.gate = gate;
    }

    @Override
    public StoredSchedule save(
        ScheduleDefinition definition, Function<Instant, Optional<Instant>> next) {
      boolean isNew = row(definition.name()) == null;
      boolean met = gate.meet();
      StoredSchedule saved = super.save(definition, next);
      if (met && isNew) {
        touch(definition.name(), row -> row.with(row.definition(), row.position()));
        return find(definition.name()).orElseThrow();
      }
      return saved;
    }
  }
}
