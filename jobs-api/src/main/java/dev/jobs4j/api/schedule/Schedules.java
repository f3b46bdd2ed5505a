package dev.jobs4j.api.schedule;

import dev.jobs4j.api.Enqueued;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The recurring jobs that are kept in the stores of an application. Thread-safe. They fire as long
 * as any engine works on their store, each firing once, whichever engine it is.
 *
 * <p>A name that nobody knows is refused by an {@link dev.jobs4j.api.InvalidJobException}, except
 * where a method says otherwise.
 */
public interface Schedules {

  /**
   * Keeps a recurring job, or changes the one of this name. If it fires at other instants than
   * before it goes on with the first of them after now; else its next firing stays. A pause stays.
   *
   * @throws dev.jobs4j.api.InvalidJobException if its queue does not live in a store that keeps
   *     recurring jobs, or an enqueue of its request would be refused
   */
  void save(RecurringJob<?> job);

  /** The recurring job of this name, if there is one. */
  Optional<ScheduleStatus> find(String name);

  /**
   * Recurring jobs by name, at most {@code limit}, starting behind {@code after}; null starts at
   * the first.
   *
   * @param limit 1 to 10,000
   */
  List<ScheduleStatus> list(@Nullable String after, int limit);

  /**
   * The next firings, at most {@code n}, from now on by the store's clock; those that a pause drops
   * are not among them. Those of a {@link FixedDelay} are what they would be if runs took no time.
   *
   * @param n 1 to {@value Schedule#MAX_PREVIEW}
   */
  List<Instant> preview(String name, int n);

  /** Holds it up, in place of a pause that was there. Firings during a pause are dropped. */
  void pause(String name, SchedulePause pause);

  /**
   * Ends a pause; it goes on with its next firing.
   *
   * @return whether it was paused
   */
  boolean resume(String name);

  /**
   * Enqueues its job now, beside its firings and in a pause too. Unless it allows overlaps, a run
   * that has not ended keeps this one out.
   */
  Enqueued runNow(String name);

  /**
   * Forgets it; jobs that are enqueued stay. What the application declares comes back at its next
   * start.
   *
   * @return whether there was one
   */
  boolean delete(String name);
}
