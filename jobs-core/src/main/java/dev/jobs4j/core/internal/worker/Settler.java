package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobEvent.JobRef;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Stop 6: gives outcomes back to the source in batches. A batch is what gathered while the last one
 * was under way, so a lone outcome is not delayed. An outcome stays here until the source has
 * answered for it: after an error the outcomes are tried one by one, so a bad one does not hold the
 * others up.
 *
 * <p>What attempts say is written on the same thread, that of an attempt before its ending: so
 * nothing is in flight when the token goes.
 */
final class Settler {

  private static final int MAX_BATCH = 1_000;
  private static final int MAX_WAITING = 2_000;

  private record Ending(JobRef job, Lease lease, Outcome outcome, Duration took) {
    Settlement settlement() {
      return new Settlement(lease, outcome);
    }
  }

  private final Function<List<Settlement>, Set<Lease>> source;
  private final Listeners listeners;
  private final Consumer<Lease> settled;
  private final Reports reports;
  private final Wakeup wake;
  private final Runnable relieved;

  /** Guarded by {@code this}. */
  private final Deque<Ending> waiting = new ArrayDeque<>();

  private int unanswered; // those waiting and those under way; guarded by this
  private boolean oneByOne; // the settler's thread alone

  /**
   * Settles with {@code source}, as a JobSource does, and then tells {@code settled} each lease.
   *
   * @param reports what attempts say; its maker wakes the settler when there is something
   * @param relieved run when so few outcomes wait again that new jobs can be taken
   */
  Settler(
      Function<List<Settlement>, Set<Lease>> source,
      Listeners listeners,
      Consumer<Lease> settled,
      Reports reports,
      Wakeup wake,
      Runnable relieved) {
    this.source = source;
    this.listeners = listeners;
    this.settled = settled;
    this.reports = reports;
    this.wake = wake;
    this.relieved = relieved;
  }

  /** Where attempts say how they get on. */
  Reports reports() {
    return reports;
  }

  /** Queues the ending of an attempt. */
  void settle(Attempt attempt, Outcome outcome) {
    add(new Ending(attempt.ref(), attempt.job().lease(), outcome, attempt.took()));
  }

  /** Queues the ending of a delivery that never became an attempt. */
  void settle(JobRef job, Lease lease, Outcome outcome) {
    add(new Ending(job, lease, outcome, Duration.ZERO));
  }

  private void add(Ending ending) {
    synchronized (this) {
      waiting.add(ending);
      unanswered++;
    }
    wake.signal();
  }

  /** Whether so many outcomes wait that no new jobs should be taken. */
  synchronized boolean isOverloaded() {
    return unanswered >= MAX_WAITING;
  }

  /** Whether the source has answered for every outcome. */
  synchronized boolean isIdle() {
    return unanswered == 0;
  }

  /** One step of the settler's loop: waits for outcomes, at most {@code patience}, settles them. */
  Duration step(Duration patience) throws InterruptedException {
    List<Ending> batch = take(oneByOne ? 1 : MAX_BATCH);
    if (batch.isEmpty()) {
      wake.await(reports.untilDue(patience));
      batch = take(oneByOne ? 1 : MAX_BATCH);
    }
    reports.write(batch.stream().map(Ending::lease).toList());
    if (!batch.isEmpty()) {
      flush(batch);
    }
    return Duration.ZERO;
  }

  void wake() {
    wake.signal();
  }

  private synchronized List<Ending> take(int max) {
    List<Ending> batch = new ArrayList<>(Math.min(max, waiting.size()));
    while (batch.size() < max && !waiting.isEmpty()) {
      batch.add(waiting.poll());
    }
    if (waiting.isEmpty()) {
      oneByOne = false; // every outcome has had its turn alone
    }
    return batch;
  }

  private void flush(List<Ending> batch) {
    Set<Lease> lost;
    try {
      lost = source.apply(batch.stream().map(Ending::settlement).toList());
    } catch (Throwable e) { // rethrown; whatever it was, no outcome may be dropped
      synchronized (this) {
        waiting.addAll(batch); // behind the others, so that they get their turn
        oneByOne = true;
      }
      throw e;
    }
    for (Ending ending : batch) {
      settled.accept(ending.lease());
      if (lost.contains(ending.lease())) {
        listeners.publish(new JobEvent.LeaseLost(ending.job()));
      } else {
        listeners.publish(event(ending.job(), ending.outcome(), ending.took()));
        followers(ending.outcome()).forEach(job -> listeners.publish(new JobEvent.Enqueued(job)));
      }
    }
    boolean wasOverloaded;
    synchronized (this) {
      wasOverloaded = isOverloaded();
      unanswered -= batch.size();
    }
    if (wasOverloaded && !isOverloaded()) {
      relieved.run();
    }
  }

  /** The jobs that were surely stored; of one with a unique key nobody has told. */
  private static List<JobRef> followers(Outcome outcome) {
    return outcome instanceof Outcome.Succeeded done && !done.follow().isEmpty()
        ? done.follow().stream()
            .filter(job -> job.uniqueKey() == null)
            .map(job -> new JobRef(job.id(), job.type(), job.queue(), 0))
            .toList()
        : List.of();
  }

  private static JobEvent event(JobRef job, Outcome outcome, Duration took) {
    if (outcome instanceof Outcome.Succeeded) {
      return new JobEvent.Succeeded(job, took);
    } else if (outcome instanceof Outcome.Retry retry) {
      return new JobEvent.Retried(job, took, retry.failure(), retry.delay());
    } else if (outcome instanceof Outcome.Dead dead) {
      return new JobEvent.Died(job, took, dead.reason(), dead.failure());
    } else if (outcome instanceof Outcome.Snoozed snoozed) {
      return new JobEvent.Snoozed(job, snoozed.delay());
    } else if (outcome instanceof Outcome.Cancelled) {
      return new JobEvent.Cancelled(job);
    }
    return new JobEvent.Released(job);
  }
}
