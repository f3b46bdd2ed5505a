package dev.jobs4j.api.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What a schedule would have fired since its stored next firing, which counts as it was stored: the
 * schedule may have been changed, or asked to run now.
 */
record Firings(Schedule schedule, Instant due) {

  private static final Duration FIRST_LOOK = Duration.ofMinutes(1);

  /** All firings from {@code from} on and before {@code end}, the oldest first. */
  List<Instant> between(Instant from, Instant end) {
    return List.copyOf(latest(Integer.MAX_VALUE, from, end));
  }

  /**
   * The latest {@code n} firings before {@code end}, the oldest first. A schedule can be asked for
   * its next firing only, so this looks back further and further: over a year of missed seconds it
   * does not walk.
   */
  List<Instant> latest(int n, Instant end) {
    Duration back = FIRST_LOOK;
    while (true) {
      boolean everything = Duration.between(due, end).compareTo(back) <= 0;
      Deque<Instant> found = latest(n, everything ? due : end.minus(back), end);
      if (everything || found.size() == n) {
        return List.copyOf(found);
      }
      back = back.multipliedBy(2);
    }
  }

  private Deque<Instant> latest(int n, Instant from, Instant end) {
    Deque<Instant> found = new ArrayDeque<>();
    Optional<Instant> firing = atOrAfter(from);
    while (firing.isPresent() && firing.get().isBefore(end)) {
      if (found.size() == n) {
        found.removeFirst();
      }
      found.addLast(firing.get());
      firing = schedule.next(firing.get());
    }
    return found;
  }

  private Optional<Instant> atOrAfter(Instant from) {
    return from.isAfter(due) ? schedule.next(from.minusNanos(1)) : Optional.of(due);
  }
}
