package dev.jobs4j.spi;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.schedule.SchedulePause;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A recurring job as its store keeps it.
 *
 * @param definition what it is
 * @param position how far it has come
 * @param pause who holds it up, or null; it may be over by {@code asOf}
 * @param lastRun the job of its last firing or, if a job of the same unique key kept that out, that
 *     job; null before the first
 * @param revision changes with each change of the row, and is another one after the recurring job
 *     was deleted and saved again
 * @param asOf the store's time when it was read
 */
public record StoredSchedule(
    ScheduleDefinition definition,
    SchedulePosition position,
    @Nullable SchedulePause pause,
    @Nullable LastRun lastRun,
    long revision,
    Instant asOf) {

  /**
   * The last run.
   *
   * @param id its job
   * @param underWay whether it is pending or running
   * @param endedAt when it ended; null while it is under way, and when nothing is kept of it any
   *     more
   */
  public record LastRun(JobId id, boolean underWay, @Nullable Instant endedAt) {}

  /** What it is known by. */
  public String name() {
    return definition.name();
  }

  /** Whether a pause holds it up. */
  public boolean isPaused() {
    return pause != null && pause.holds(asOf);
  }
}
