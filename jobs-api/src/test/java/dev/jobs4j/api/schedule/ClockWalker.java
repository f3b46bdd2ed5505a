package dev.jobs4j.api.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds firings the slow way: looks at the clock on the wall at each minute (or second) and does
 * what {@link CronSchedule} promises, word by word.
 */
final class ClockWalker {

  private final Duration step;
  private final List<Instant> moments = new ArrayList<>();
  private final List<LocalDateTime> shown = new ArrayList<>();

  /** Walks from {@code start} to {@code end}, both included. */
  ClockWalker(ZoneId zone, Duration step, Instant start, Instant end) {
    this.step = step;
    for (Instant now = start; !now.isAfter(end); now = now.plus(step)) {
      moments.add(now);
      shown.add(LocalDateTime.ofInstant(now, zone));
    }
  }

  /** What fires whenever the clock shows a matching time. */
  List<Instant> wheneverShown(Predicate<LocalDateTime> matches) {
    List<Instant> firings = new ArrayList<>();
    for (int i = 1; i < moments.size(); i++) {
      if (matches.test(shown.get(i))) {
        firings.add(moments.get(i));
      }
    }
    return firings;
  }

  /** What fires at the first moment at which the clock shows a matching time or a later one. */
  List<Instant> onceShown(Predicate<LocalDateTime> matches) {
    List<Instant> firings = new ArrayList<>();
    LocalDateTime latest = shown.get(0);
    for (int i = 1; i < moments.size(); i++) {
      boolean fires = false;
      while (latest.isBefore(shown.get(i))) {
        latest = latest.plus(step);
        fires |= matches.test(latest);
      }
      if (fires) {
        firings.add(moments.get(i));
      }
    }
    return firings;
  }
}
