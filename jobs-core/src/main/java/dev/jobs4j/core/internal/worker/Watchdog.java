package dev.jobs4j.core.internal.worker;

import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.internal.worker.Attempt.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Interrupts attempts that run longer than their timeout and, if they ignore that for {@code
 * grace}, has them settled without their thread. A hung handler so costs a slot and never its
 * engine's lease.
 */
final class Watchdog {

  private record Deadline(long nanos, Attempt attempt, Runnable hung, boolean interrupted) {}

  private final Ticker ticker;
  private final Duration grace;
  private final Wakeup wake = new Wakeup();

  /** Guarded by {@code this}. Ordered by difference, since a ticker may wrap around. */
  private final PriorityQueue<Deadline> deadlines =
      new PriorityQueue<>((a, b) -> Long.signum(a.nanos() - b.nanos()));

  Watchdog(Ticker ticker, Duration grace) {
    this.ticker = ticker;
    this.grace = grace;
  }

  /** Watches an attempt that is about to start, if it has a timeout. */
  void watch(Attempt attempt, Runnable hung) {
    attempt
        .handler()
        .options()
        .timeout()
        .ifPresent(
            timeout -> add(new Deadline(ticker.nanos() + timeout.toNanos(), attempt, hung, false)));
  }

  private void add(Deadline deadline) {
    boolean first;
    synchronized (this) {
      Deadline next = deadlines.peek();
      first = next == null || deadline.nanos() - next.nanos() < 0;
      deadlines.add(deadline);
    }
    if (first) {
      wake.signal();
    }
  }

  /** One step of the watchdog's loop: rests until something is due, at most {@code patience}. */
  Duration step(Duration patience) throws InterruptedException {
    wake.await(untilNext(patience));
    for (Deadline due : takeDue()) {
      if (due.attempt().isDecided()) {
        continue;
      }
      if (due.interrupted()) {
        due.hung().run();
      } else {
        due.attempt().end(End.TIMED_OUT);
        add(new Deadline(ticker.nanos() + grace.toNanos(), due.attempt(), due.hung(), true));
      }
    }
    return Duration.ZERO;
  }

  void wake() {
    wake.signal();
  }

  private synchronized Duration untilNext(Duration patience) {
    Deadline next = deadlines.peek();
    if (next == null) {
      return patience;
    }
    Duration left = Duration.ofNanos(Math.max(0, next.nanos() - ticker.nanos()));
    return left.compareTo(patience) < 0 ? left : patience;
  }

  private synchronized List<Deadline> takeDue() {
    List<Deadline> due = new ArrayList<>();
    long now = ticker.nanos();
    while (!deadlines.isEmpty() && deadlines.peek().nanos() - now <= 0) {
      due.add(deadlines.poll());
    }
    return due;
  }
}
