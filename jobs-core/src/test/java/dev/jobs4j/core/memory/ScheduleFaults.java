package dev.jobs4j.core.memory;

import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.SchedulePosition;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.StoredSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Wrong ways to keep recurring jobs. */
final class ScheduleFaults {

  private ScheduleFaults() {}

  static List<Fault> all() {
    return List.of(
        saving("SCHEDULE_LOSES_JITTER", ScheduleFaults::withoutJitter),
        saving("SCHEDULE_LOSES_HEADERS", ScheduleFaults::withoutHeaders),
        saving("SCHEDULE_LOSES_ITS_LINE", ScheduleFaults::withoutLine),
        faulty("SCHEDULE_FIRST_FIRES_LATE", FirstFiresLate::new),
        faulty("SAVING_AGAIN_STARTS_ANEW", StartsAnew::new),
        faulty("SAVING_AGAIN_COUNTS", CountsAlways::new),
        faulty("CHANGED_INSTANTS_ARE_IGNORED", KeepsNext::new),
        faulty("SAVING_ENDS_A_PAUSE", SavingEndsPause::new),
        listing("SCHEDULE_LIST_STARTS_OVER", (all, limit) -> all.stream().limit(limit).toList()),
        listing("SCHEDULE_LIST_IGNORES_CASE", ScheduleFaults::ignoringCase),
        due("DUE_TOO_SOON", (store, limit) -> store.list(null, limit)),
        due("DUE_BY_NAME", ScheduleFaults::byName),
        due("DUE_WITHOUT_LIMIT", (store, limit) -> store.due(1_000)),
        faulty("UNKNOWN_SCHEDULE_IS_PAUSED", PausesAnything::new),
        faulty("SCHEDULE_DELETE_DOES_NOTHING", DeletesNothing::new),
        pausing("PAUSE_DOES_NOTHING", pause -> pause.until(Instant.EPOCH)),
        pausing("PAUSE_FORGETS_WHY", pause -> new SchedulePause(pause.by(), "", pause.end())),
        pausing("PAUSE_FOR_EVER", pause -> SchedulePause.of(pause.by(), pause.why())),
        faulty("RESUMED_IS_NOT_DUE", ResumesQuietly::new),
        faulty("RESUME_IS_NEVER_DENIED", ResumesAlways::new));
  }

  /** Another way to keep recurring jobs, all else as it was. */
  static Fault faulty(String name, Function<InMemoryJobStore, ScheduleStore> made) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              private final ScheduleStore faulty = made.apply(good);

              @Override
              public ScheduleStore schedules() {
                return faulty;
              }
            });
  }

  private static Fault saving(String name, UnaryOperator<ScheduleDefinition> change) {
    return faulty(
        name,
        good ->
            new ForwardingSchedules(good) {
              @Override
              public StoredSchedule save(
                  ScheduleDefinition definition, Function<Instant, Optional<Instant>> next) {
                return super.save(change.apply(definition), next);
              }
            });
  }

  private static ScheduleDefinition withoutJitter(ScheduleDefinition from) {
    return copy(from, Duration.ZERO, from.job());
  }

  private static ScheduleDefinition withoutHeaders(ScheduleDefinition from) {
    return copy(from, from.jitter(), from.job().toBuilder().headers(Map.of()).build());
  }

  private static ScheduleDefinition withoutLine(ScheduleDefinition from) {
    return copy(from, from.jitter(), from.job().toBuilder().fifo(null).build());
  }

  private static ScheduleDefinition copy(ScheduleDefinition from, Duration jitter, NewJob job) {
    return new ScheduleDefinition(
        from.name(),
        from.spec(),
        from.zone(),
        from.misfire(),
        from.overlap(),
        jitter,
        from.description(),
        from.inCode(),
        job);
  }

  private static Fault pausing(String name, UnaryOperator<SchedulePause> change) {
    return faulty(
        name,
        good ->
            new ForwardingSchedules(good) {
              @Override
              public boolean pause(String schedule, SchedulePause pause) {
                return super.pause(schedule, change.apply(pause));
              }
            });
  }

  private static Fault due(
      String name, BiFunction<ScheduleStore, Integer, List<StoredSchedule>> due) {
    return faulty(
        name,
        good ->
            new ForwardingSchedules(good) {
              @Override
              public List<StoredSchedule> due(int limit) {
                return due.apply(schedules, limit);
              }
            });
  }

  private static List<StoredSchedule> byName(ScheduleStore store, int limit) {
    return store.due(limit).stream().sorted(Comparator.comparing(StoredSchedule::name)).toList();
  }

  private static Fault listing(
      String name, BiFunction<List<StoredSchedule>, Integer, List<StoredSchedule>> list) {
    return faulty(
        name,
        good ->
            new ForwardingSchedules(good) {
              @Override
              public List<StoredSchedule> list(@Nullable String after, int limit) {
                return list.apply(super.list(null, 1_000), limit);
              }
            });
  }

  private static List<StoredSchedule> ignoringCase(List<StoredSchedule> all, int limit) {
    return all.stream()
        .sorted(Comparator.comparing(one -> one.name().toLowerCase(Locale.ROOT)))
        .limit(limit)
        .toList();
  }

  private static final class FirstFiresLate extends ForwardingSchedules {
    FirstFiresLate(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public StoredSchedule save(
        ScheduleDefinition definition, Function<Instant, Optional<Instant>> next) {
      return super.save(definition, now -> next.apply(now.plus(Duration.ofMinutes(59))));
    }
  }

  private static final class StartsAnew extends ForwardingSchedules {
    StartsAnew(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public StoredSchedule save(
        ScheduleDefinition definition, Function<Instant, Optional<Instant>> next) {
      super.delete(definition.name());
      return super.save(definition, next);
    }
  }

  private static final class CountsAlways extends ForwardingSchedules {
    CountsAlways(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public StoredSchedule save(
        ScheduleDefinition definition, Function<Instant, Optional<Instant>> next) {
      touch(definition.name(), row -> row.with(row.pause()));
      return super.save(definition, next);
    }
  }

  private static final class KeepsNext extends ForwardingSchedules {
    KeepsNext(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public StoredSchedule save(
        ScheduleDefinition definition, Function<Instant, Optional<Instant>> next) {
      ScheduleRow row = row(definition.name());
      SchedulePosition before = row == null ? null : row.position();
      super.save(definition, next);
      if (before != null) {
        touch(definition.name(), now -> now.with(now.definition(), before));
      }
      return find(definition.name()).orElseThrow();
    }
  }

  private static final class SavingEndsPause extends ForwardingSchedules {
    SavingEndsPause(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public StoredSchedule save(
        ScheduleDefinition definition, Function<Instant, Optional<Instant>> next) {
      touch(definition.name(), row -> row.pause() == null ? row : row.with((SchedulePause) null));
      return super.save(definition, next);
    }
  }

  private static final class PausesAnything extends ForwardingSchedules {
    PausesAnything(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public boolean pause(String name, SchedulePause pause) {
      super.pause(name, pause);
      return true;
    }
  }

  private static final class DeletesNothing extends ForwardingSchedules {
    DeletesNothing(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public boolean delete(String name) {
      return row(name) != null;
    }
  }

  private static final class ResumesQuietly extends ForwardingSchedules {
    ResumesQuietly(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public boolean resume(String name) {
      ScheduleRow row = row(name);
      boolean paused = row != null && row.pause() != null;
      touch(name, one -> one.with((SchedulePause) null));
      return paused;
    }
  }

  private static final class ResumesAlways extends ForwardingSchedules {
    ResumesAlways(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public boolean resume(String name) {
      super.resume(name);
      return true;
    }
  }
}
