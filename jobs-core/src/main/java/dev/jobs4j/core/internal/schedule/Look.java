package dev.jobs4j.core.internal.schedule;

import dev.jobs4j.api.event.JobEvent.DropReason;
import dev.jobs4j.api.schedule.FixedDelay;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.SchedulePosition;
import dev.jobs4j.spi.StoredSchedule;
import dev.jobs4j.spi.StoredSchedule.LastRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a recurring job that is due does now, from nothing but what its store told. Used
 * once.
 */
final class Look {

  /** How late a firing may be found and still be on time. */
  static final Duration TOLERANCE = Duration.ofMinutes(1);

  /** When a run that has just begun is looked at, if a firing waits for its end. */
  static final Duration FIRST_LOOK = Duration.ofSeconds(1);

  /** How often a run is looked at after that. */
  static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /**
   * The longest rest from a run whose end a fixed delay follows. A run is found while the store
   * still knows when it ended, and where nothing is kept of it the delay is so much too long at
   * most.
   */
  static final Duration LONGEST_REST = Duration.ofHours(1);

  private final StoredSchedule stored;
  private final Plan plan;
  private final Instant now;
  private final boolean underWay;
  private final List<Step.Drop> drops = new ArrayList<>();
  private @Nullable Instant next;
  private @Nullable Instant waiting;

  Look(StoredSchedule stored, Plan plan) {
    this.stored = stored;
    this.plan = plan;
    now = stored.asOf();
    LastRun run = stored.lastRun();
    underWay = run != null && run.underWay();
    next = stored.position().nextFiring();
    waiting = stored.position().waiting();
  }

  Step take() {
    passPause();
    boolean queues = plan.overlap() == Overlap.QUEUE && !(plan.schedule() instanceof FixedDelay);
    if (waiting != null && !queues) { // it was saved with another overlap
      drop(waiting, DropReason.OVERLAP);
      waiting = null;
    }
    if (plan.schedule() instanceof FixedDelay fixed) {
      return afterRun(fixed);
    }
    List<Instant> due = due();
    if (plan.overlap() == Overlap.ALLOW) {
      passDue();
      return step(due, next, null);
    }
    return queues ? queueing(due) : skipping(due);
  }

  /** What would have fired in a pause is dropped. */
  private void passPause() {
    SchedulePause pause = stored.pause();
    Instant end = pause == null ? null : pause.end();
    if (end == null) {
      return;
    }
    if (waiting != null) {
      drop(waiting, DropReason.PAUSED);
      waiting = null;
    }
    if (next != null && next.isBefore(end)) {
      drop(next, DropReason.PAUSED);
      next =
          plan.schedule() instanceof FixedDelay
              ? end
              : plan.schedule().next(end.minusNanos(1)).orElse(null);
    }
  }

  /** The firings to start now, if no run were in their way. */
  private List<Instant> due() {
    Instant from = next;
    if (from == null || from.isAfter(now)) {
      return List.of();
    }
    List<Instant> due = plan.misfire().firings(plan.schedule(), from, now, TOLERANCE);
    if (due.isEmpty() || due.get(0).isAfter(from)) {
      drop(from, DropReason.MISSED);
    }
    return due;
  }

  /** Goes on with the first firing after now. */
  private void passDue() {
    if (next != null && !next.isAfter(now)) {
      next = plan.schedule().next(now).orElse(null);
    }
  }

  private Step skipping(List<Instant> due) {
    if (makesUp(due)) {
      return makingUp(due);
    }
    passDue();
    if (due.isEmpty()) {
      return step(due, next, null);
    }
    if (underWay) {
      drop(due.get(0), DropReason.OVERLAP);
      return step(List.of(), next, null);
    }
    if (due.size() > 1) {
      drop(due.get(1), DropReason.OVERLAP);
    }
    return step(due.subList(0, 1), next, null);
  }

  /** The first in line starts, the second waits, the others are dropped. */
  private Step queueing(List<Instant> due) {
    boolean makesUp = makesUp(due);
    if (waiting == null && makesUp) {
      return makingUp(due);
    }
    Deque<Instant> line = new ArrayDeque<>();
    if (waiting != null) {
      line.add(waiting);
    }
    if (makesUp) {
      next = due.get(0); // their turn is after the one that waits
    } else {
      passDue();
      line.addAll(due);
    }
    Instant starts = underWay ? null : line.poll();
    waiting = line.poll();
    if (!line.isEmpty()) {
      drop(line.getFirst(), DropReason.OVERLAP);
    }
    Instant soon = soonest(now.plus(underWay ? LOOK_AGAIN : FIRST_LOOK));
    return starts == null
        ? step(List.of(), waiting == null ? next : soon, null)
        : step(
            List.of(starts),
            waiting == null && !makesUp ? next : soon,
            new SchedulePosition(next, soon, starts, stored.position().lastFiring()));
  }

  /** Whether these are missed firings that each get a run: one after the other. */
  private boolean makesUp(List<Instant> due) {
    return plan.misfire().rule() == Misfire.Rule.RUN_ALL
        && !due.isEmpty()
        && due.get(0).isBefore(now.minus(TOLERANCE));
  }

  private Step makingUp(List<Instant> due) {
    Instant first = due.get(0);
    if (underWay) {
      next = first;
      return step(List.of(), now.plus(LOOK_AGAIN), null);
    }
    SchedulePosition held =
        new SchedulePosition(first, now.plus(FIRST_LOOK), null, stored.position().lastFiring());
    if (due.size() > 1) {
      next = due.get(1);
      return step(List.of(first), now.plus(FIRST_LOOK), held);
    }
    passDue();
    return step(List.of(first), next, held);
  }

  private Step afterRun(FixedDelay fixed) {
    Duration rest = fixed.delay().compareTo(LONGEST_REST) < 0 ? fixed.delay() : LONGEST_REST;
    if (next == null) {
      if (underWay) {
        return step(List.of(), now.plus(rest), null);
      }
      next = fixed.next(endOfRun()).orElse(null);
    }
    Instant firing = next;
    if (firing == null || firing.isAfter(now)) {
      return step(List.of(), next, null);
    }
    if (plan.misfire().firings(fixed, firing, now, TOLERANCE).isEmpty()) {
      drop(firing, DropReason.MISSED);
      next = fixed.next(now).orElse(null);
      return step(List.of(), next, null);
    }
    next = null;
    return step(List.of(firing), now.plus(rest), null);
  }

  private Instant endOfRun() {
    LastRun run = stored.lastRun();
    Instant end = run == null ? null : run.endedAt();
    return end == null ? now : end;
  }

  private void drop(Instant first, DropReason reason) {
    drops.add(new Step.Drop(first, reason));
  }

  private Step step(
      List<Instant> firings, @Nullable Instant lookAt, @Nullable SchedulePosition ifHeld) {
    Instant last =
        firings.isEmpty() ? stored.position().lastFiring() : firings.get(firings.size() - 1);
    return new Step(
        List.copyOf(firings),
        new SchedulePosition(next, lookAt, waiting, last),
        ifHeld,
        List.copyOf(drops));
  }

  /** {@code look}, or the next firing if that comes before it. */
  private Instant soonest(Instant look) {
    return next != null && next.isAfter(now) && next.isBefore(look) ? next : look;
  }
}
