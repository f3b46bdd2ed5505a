package dev.jobs4j.spi;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.schedule.SchedulePause;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link JobStore} that keeps recurring jobs. Thread-safe; errors and time are those
 * of the store. It knows no calendar: what fires when is the engine's to say, and the store applies
 * that if nobody has changed the recurring job meanwhile. So any number of engines may fire.
 */
public interface ScheduleStore {

  /**
   * Keeps a recurring job. A new one, and one whose {@link ScheduleDefinition#firesLike instants}
   * have changed, is put before its first firing; any other stays where it is. A pause stays, and
   * so does the revision if nothing has changed.
   *
   * @param next the first firing after a time, which is the store's; pure, may be called again
   */
  StoredSchedule save(ScheduleDefinition definition, Function<Instant, Optional<Instant>> next);

  /** The recurring job of this name. */
  Optional<StoredSchedule> find(String name);

  /**
   * Recurring jobs by name, by the order of its characters, at most {@code limit}, starting behind
   * {@code after}; null starts at the first.
   */
  List<StoredSchedule> list(@Nullable String after, int limit);

  /**
   * Forgets a recurring job; its jobs stay.
   *
   * @return whether there was one
   */
  boolean delete(String name);

  /**
   * Holds a recurring job up, in place of a pause that was there: it is due when the pause ends, or
   * no more.
   *
   * @return whether there is one of this name
   */
  boolean pause(String name, SchedulePause pause);

  /**
   * Ends a pause now, which makes the recurring job due.
   *
   * @return whether it was paused
   */
  boolean resume(String name);

  /** Those that must be looked at by now, the longest due first, at most {@code limit}. */
  List<StoredSchedule> due(int limit);

  /**
   * Takes steps: enqueues the jobs, moves each recurring job on, notes its last run, and ends its
   * pause, all in one transaction. A step whose revision is no longer that of the recurring job, or
   * whose recurring job is just being changed by somebody else, does nothing.
   *
   * @return what became of the jobs, by the names of those whose step was taken
   * @throws dev.jobs4j.api.InvalidJobException as {@link JobStore#insert(List)}; no step was taken
   */
  Map<String, List<Enqueued>> fire(List<ScheduleFiring> firings);
}
