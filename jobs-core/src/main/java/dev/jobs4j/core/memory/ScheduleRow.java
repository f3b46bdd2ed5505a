package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.SchedulePosition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A recurring job as it stands. Immutable, so that a step is one exchange. */
record ScheduleRow(
    ScheduleDefinition definition,
    SchedulePosition position,
    @Nullable SchedulePause pause,
    @Nullable JobId lastRun,
    long revision) {

  String name() {
    return definition.name();
  }

  /** When it must be looked at: a pause comes before everything else. */
  @Nullable Instant lookAt() {
    return pause == null ? position.lookAt() : pause.end();
  }

  ScheduleRow with(ScheduleDefinition changed, SchedulePosition at) {
    return new ScheduleRow(changed, at, pause, lastRun, revision + 1);
  }

  ScheduleRow with(@Nullable SchedulePause changed) {
    return new ScheduleRow(definition, position, changed, lastRun, revision + 1);
  }

  ScheduleRow moved(SchedulePosition to, @Nullable JobId run) {
    return new ScheduleRow(definition, to, null, run, revision + 1);
  }
}
