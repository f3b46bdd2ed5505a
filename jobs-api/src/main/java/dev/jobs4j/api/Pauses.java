package dev.jobs4j.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pauses and resumes the start of jobs, on every node at once. Thread-safe. Recurring jobs are
 * paused by {@link dev.jobs4j.api.schedule.Schedules#pause}.
 */
public interface Pauses {

  /** The same until somebody resumes it. */
  default void pause(Pause.Target target, Operator by) {
    pause(target, by, null);
  }

  /**
   * Pauses a target: no claim that begins after this has returned gives out a job of it; claims
   * that are under way may, and what runs goes on. Jobs of others are passed by it and keep their
   * order. If it is paused already, who, why and until are replaced; since when stays.
   *
   * @param until when it goes on by itself, by the store's clock; null for when somebody resumes
   *     it. One that is past pauses nothing.
   * @throws InvalidJobException if it cannot be paused, as a queue on a broker
   */
  void pause(Pause.Target target, Operator by, @Nullable Instant until);

  /**
   * Lets a target go on: the engine of this process looks for its jobs at once, others find them at
   * their next poll.
   *
   * @return whether it was paused
   * @throws InvalidJobException if it cannot be paused
   */
  boolean resume(Pause.Target target);

  /** What is paused now, by scope and name; a pause whose time is over is none. */
  List<Pause> list();
}
