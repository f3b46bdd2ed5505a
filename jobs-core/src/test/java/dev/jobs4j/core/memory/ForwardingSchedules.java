package dev.jobs4j.core.memory;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.ScheduleFiring;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.StoredSchedule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Recurring jobs in memory with nothing changed; a faulty one overrides what it gets wrong. */
class ForwardingSchedules implements ScheduleStore {

  final InMemoryJobStore store;
  final MemorySchedules schedules;

  ForwardingSchedules(InMemoryJobStore store) {
    this.store = store;
    schedules = store.schedulesInMemory();
  }

  @Override
  public StoredSchedule save(
      ScheduleDefinition definition, Function<Instant, Optional<Instant>> next) {
    return schedules.save(definition, next);
  }

  @Override
  public Optional<StoredSchedule> find(String name) {
    return schedules.find(name);
  }

  @Override
  public List<StoredSchedule> list(@Nullable String after, int limit) {
    return schedules.list(after, limit);
  }

  @Override
  public boolean delete(String name) {
    return schedules.delete(name);
  }

  @Override
  public boolean pause(String name, SchedulePause pause) {
    return schedules.pause(name, pause);
  }

  @Override
  public boolean resume(String name) {
    return schedules.resume(name);
  }

  @Override
  public List<StoredSchedule> due(int limit) {
    return schedules.due(limit);
  }

  @Override
  public Map<String, List<Enqueued>> fire(List<ScheduleFiring> firings) {
    return schedules.fire(firings);
  }

  // for damage

  @Nullable ScheduleRow row(String name) {
    return store.locked(() -> schedules.rows().get(name));
  }

  /** Changes a row under the lock, if it is there. */
  void touch(String name, UnaryOperator<ScheduleRow> damage) {
    store.locked(
        () -> {
          ScheduleRow row = schedules.rows().get(name);
          if (row != null) {
            schedules.put(damage.apply(row));
          }
          return name;
        });
  }
}
