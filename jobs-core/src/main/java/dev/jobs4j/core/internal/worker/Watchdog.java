package dev.jobs4j.core.internal.worker;

import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.internal.worker.Attempt.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts attempts that run longer than their timeout and, if they ignore that for {@code
 * grace}, has them settled without their thread. A hung handler so costs a slot and never its
 * engine's lease.
 */
final class Watchdog {

  private record Deadline(long nanos, Attempt attempt, Runnable hung, boolean interrupted) {
    Deadline in(long later, boolean afterInterrupt) {
      return new Deadline(later, attempt, hung, afterInterrupt);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
  private static final Duration GUARD_INTERVAL = Duration.ofSeconds(1);
  private static final int LEAST_KEPT = 1_000;

  private final Ticker ticker;
  private final Duration grace;
  private final List<Runnable> guards = new CopyOnWriteArrayList<>();
  private final Runnable onFirstWatch;
  private final AtomicBoolean watched = new AtomicBoolean();
  private final Wakeup wake = new Wakeup();

  /** Guarded by {@code this}. Ordered by difference, since a ticker may wrap around. */
  private final PriorityQueue<Deadline> deadlines =
      new PriorityQueue<>((a, b) -> Long.signum(a.nanos() - b.nanos()));

  /** So many were left when those of decided attempts were last taken out; guarded by this. */
  private int kept = LEAST_KEPT;

  /**
   * Calls {@code onFirstWatch} once there is something to watch: an idle engine needs no watchdog.
   */
  Watchdog(Ticker ticker, Duration grace, Runnable onFirstWatch) {
    this.ticker = ticker;
    this.grace = grace;
    this.onFirstWatch = onFirstWatch;
  }

  /** Runs {@code guard} about once a second from the first watched attempt on; it must not wait. */
  void addGuard(Runnable guard) {
    guards.add(guard);
  }

  /** Watches an attempt that starts now; {@code hung} decides it without its thread. */
  void watch(Attempt attempt, Runnable hung) {
    if (watched.compareAndSet(false, true)) {
      onFirstWatch.run();
    }
    attempt
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
      if (deadlines.size() > 2 * kept) { // most attempts end long before their time
        deadlines.removeIf(known -> known.attempt().isDecided());
        kept = Math.max(LEAST_KEPT, deadlines.size());
      }
    }
    if (first) {
      wake.signal();
    }
  }

  /**
   * One step of the watchdog's loop: rests until something is due, at most {@code patience}. The
   * answer is how long it would rest after, for who gives it no patience.
   */
  Duration step(Duration patience) throws InterruptedException {
    wake.await(untilNext(patience.compareTo(GUARD_INTERVAL) < 0 ? patience : GUARD_INTERVAL));
    guards.forEach(Runnable::run);
    for (Deadline due : takeDue()) {
      try {
        meet(due);
      } catch (Throwable e) { // the others are due as well; this one is tried again
        log.error("A timeout could not be met, tries again: job={}", due.attempt().jobId(), e);
        add(due.in(ticker.nanos() + GUARD_INTERVAL.toNanos(), due.interrupted()));
      }
    }
    return patience.isZero() ? untilNext(GUARD_INTERVAL) : Duration.ZERO;
  }

  private void meet(Deadline due) {
    if (due.attempt().isDecided()) {
      return;
    }
    if (due.interrupted()) {
      due.hung().run();
    } else {
      due.attempt().end(End.TIMED_OUT);
      add(due.in(ticker.nanos() + grace.toNanos(), true));
    }
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
