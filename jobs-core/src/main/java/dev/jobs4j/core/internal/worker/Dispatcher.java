package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobTimeoutException;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.core.internal.handler.Handlers;
import dev.jobs4j.core.internal.worker.Attempt.End;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.SourceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stop 4: gives each job of one source its handler, a slot and a thread, and knows what is under
 * way from claim to settlement. Thread-safe.
 */
final class Dispatcher implements SourceListener {

  /** How long a job of an unknown type or version is put off: another node may know it. */
  static final Duration UNKNOWN_TYPE_DELAY = Duration.ofSeconds(30);

  /**
   * A suspect needs a slot that is free when it is claimed, and where jobs are at hand none ever
   * is: after so long none are fetched until one is.
   */
  private static final Duration SUSPECTS_WAIT = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private final Handlers handlers;
  private final Map<JobQueue, Slots> slots;
  private final Map<JobQueue, ? extends Executor> threads;
  private final Worker worker;
  private final Settler settler;
  private final Watchdog watchdog;
  private final Listeners listeners;
  private final Ticker ticker;
  private final Runnable slotFreed;
  private final Supplier<Optional<JobNotes>> notes;
  private final Supplier<Optional<JobRecords>> records;

  /** Guarded by {@code this}; its monitor is notified at each removal. */
  private final Map<Lease, Attempt> underWay = new HashMap<>();

  /**
   * Guarded by {@code this}. Leases that ended between the source's giving them out and their
   * dispatch, which the same turn of the poller does; so they are forgotten at the next.
   */
  private final Set<Lease> revokedEarly = new HashSet<>();

  private @Nullable Attempt suspect;

  /** When a suspect was asked for, or was under way; guarded by {@code this}. */
  private long suspectsSince;

  private boolean quiet;

  Dispatcher(
      Handlers handlers,
      Map<JobQueue, Slots> slots,
      Map<JobQueue, ? extends Executor> threads,
      Worker worker,
      Settler settler,
      Watchdog watchdog,
      Listeners listeners,
      Ticker ticker,
      Runnable slotFreed,
      Supplier<Optional<JobNotes>> notes,
      Supplier<Optional<JobRecords>> records) {
    this.handlers = handlers;
    this.slots = slots;
    this.threads = threads;
    this.worker = worker;
    this.settler = settler;
    this.watchdog = watchdog;
    this.listeners = listeners;
    this.ticker = ticker;
    this.slotFreed = slotFreed;
    this.notes = notes;
    this.records = records;
    suspectsSince = ticker.nanos();
  }

  /** What the source may give now, asked before each turn: nothing while settlements pile up. */
  synchronized Demand demand() {
    revokedEarly.clear();
    slots.values().forEach(s -> (quiet ? s.takeAtHand() : s.takeStale()).forEach(this::giveBack));
    if (quiet || settler.isOverloaded()) {
      return Demand.NONE;
    }
    Map<JobQueue, Integer> free = new HashMap<>();
    Map<JobQueue, Integer> ahead = new HashMap<>();
    slots.forEach(
        (queue, s) -> {
          free.put(queue, s.free());
          ahead.put(queue, s.wanted());
        });
    Demand slotsAlone = new Demand(free, suspect == null);
    if (suspect != null || !slotsAlone.isEmpty()) {
      suspectsSince = ticker.nanos();
    } else if (ticker.nanos() - suspectsSince > SUSPECTS_WAIT.toNanos()) {
      return slotsAlone; // what is at hand runs out, and then a slot is free
    }
    return new Demand(free, ahead, suspect == null);
  }

  private boolean giveBack(Attempt attempt) {
    return settle(attempt, new Outcome.Released());
  }

  /** How long a turn may rest before something at hand has to go back. */
  Duration untilStale(Duration patience) {
    Duration until = patience;
    for (Slots place : slots.values()) {
      until = place.untilStale(until);
    }
    return until;
  }

  /**
   * Starts a job, or gives it back at once if it cannot run here now. Never throws.
   *
   * @return false if no thread was to be had for it
   */
  boolean dispatch(LeasedJob job) {
    try {
      Handler handler = handlers.of(job.type(), job.typeVersion()).orElse(null);
      if (handler == null) {
        settler.settle(ref(job), job.lease(), new Outcome.Snoozed(UNKNOWN_TYPE_DELAY));
        return true;
      }
      Attempt attempt = new Attempt(job, handler, slotsOf(job), ticker);
      if (admit(attempt)) {
        return start(attempt);
      }
      settle(attempt, new Outcome.Released());
      return true;
    } catch (Throwable e) { // the jobs behind this one must still be started
      log.error("A job could not be dispatched, it goes back: job={}", job.id(), e);
      settler.settle(ref(job), job.lease(), new Outcome.Released());
      return false;
    }
  }

  private static JobEvent.JobRef ref(LeasedJob job) {
    return new JobEvent.JobRef(job.id(), job.type(), job.queue(), job.attempt());
  }

  private boolean start(Attempt attempt) {
    Slots place = attempt.place();
    if (attempt.job().suspect() && place.free() == 0) {
      giveBack(attempt);
      return true;
    }
    return !place.take(attempt) || startInSlot(attempt);
  }

  /** Starts one that has a slot; without a thread it goes back, as do those behind it. */
  private boolean startInSlot(@Nullable Attempt first) {
    boolean started = true;
    for (Attempt next = first; next != null; next = next.place().give()) {
      Attempt attempt = next;
      try {
        threadsOf(attempt.job()).execute(() -> runAll(attempt));
        return started;
      } catch (Throwable e) { // no thread to be had
        log.error("No thread for a job, it goes back: job={}", attempt.jobId(), e);
        giveBack(attempt);
        started = false;
      }
    }
    return started;
  }

  private synchronized boolean admit(Attempt attempt) {
    Lease lease = attempt.job().lease();
    underWay.put(lease, attempt);
    if (quiet || revokedEarly.contains(lease)) {
      return false;
    }
    if (attempt.job().suspect()) {
      if (suspect != null) {
        return false;
      }
      suspect = attempt;
    }
    return true;
  }

  private Executor threadsOf(LeasedJob job) {
    return Objects.requireNonNull(threads.get(job.queue()), () -> "no threads for " + job.queue());
  }

  private Slots slotsOf(LeasedJob job) {
    return Objects.requireNonNull(slots.get(job.queue()), () -> "no slots for " + job.queue());
  }

  /** On the worker's thread: this attempt, and those at hand that its slot goes to. */
  private void runAll(Attempt first) {
    Attempt next = run(first);
    while (next != null) {
      if (!isOwn(threadsOf(next.job()))) {
        startInSlot(next); // others wait for this thread too
        return;
      }
      boolean late = next.waited().compareTo(Ahead.FORGOTTEN) > 0;
      next = (late || isQuiet()) && giveBack(next) ? next.place().give() : run(next);
    }
  }

  private static boolean isOwn(Executor executor) {
    return executor instanceof WorkerThreads threads && threads.isOwn();
  }

  private synchronized boolean isQuiet() {
    return quiet;
  }

  /** Whatever happens, the attempt is settled; its slot goes to the one that is returned. */
  private @Nullable Attempt run(Attempt attempt) {
    Outcome outcome;
    try {
      outcome = attempt.isDecided() ? new Outcome.Released() : outcome(attempt);
    } catch (Throwable e) { // not even its failure could be told; the job must not stay with us
      log.error("An attempt broke off, it is tried again: job={}", attempt.jobId(), e);
      outcome = new Outcome.Retry(UNKNOWN_TYPE_DELAY, new Failure(e.getClass().getName(), "", ""));
    }
    Slots place = attempt.place();
    Attempt next =
        settle(attempt, outcome)
            ? place.give(attempt.took())
            : place.recover(); // it was decided without this thread, and the slot given up
    if (place.isHungry()) {
      slotFreed.run();
    }
    return next;
  }

  private Outcome outcome(Attempt attempt) {
    End ended = attempt.endReason();
    if (ended != null) { // it was called off before its thread came: the handler never starts
      return ended == End.CANCELLED ? new Outcome.Cancelled() : new Outcome.Released();
    }
    watchdog.watch(attempt, () -> hung(attempt));
    return worker.run(attempt, notes.get(), records.get(), settler.reports());
  }

  /** The handler ignored its interruption: decides without it and counts its slot as leaked. */
  private void hung(Attempt attempt) {
    JobTimeoutException where = Worker.hanging(attempt);
    if (decideWithoutThread(attempt, worker.hung(attempt, where))) {
      listeners.publish(new JobEvent.SlotLeaked(attempt.ref(), Failure.of(where)));
      slotFreed.run();
    }
  }

  private boolean decideWithoutThread(Attempt attempt, Outcome outcome) {
    if (!settle(attempt, outcome)) {
      return false;
    }
    attempt.forsake();
    startInSlot(attempt.place().leak());
    return true;
  }

  private boolean settle(Attempt attempt, Outcome outcome) {
    if (!attempt.decide(outcome)) {
      return false;
    }
    settler.settle(attempt, outcome);
    return true;
  }

  /** The settler is done with this lease, accepted or lost. */
  void settled(Lease lease) {
    Attempt attempt = remove(lease);
    if (attempt != null) {
      attempt.close();
      if (attempt.job().suspect()) {
        slotFreed.run(); // another suspect may come
      }
    }
    settler.reports().close(lease);
  }

  private synchronized @Nullable Attempt remove(Lease lease) {
    Attempt attempt = underWay.remove(lease);
    if (attempt != null && attempt == suspect) {
      suspect = null;
    }
    notifyAll();
    return attempt;
  }

  @Override
  public void revoked(Collection<? extends Lease> leases, Duration drain) {
    if (!drain.isZero()) {
      awaitSettled(leases, drain);
    }
    noteEarly(leases);
    attempts(leases).forEach(attempt -> attempt.end(End.LEASE_LOST));
  }

  @Override
  public void cancelRequested(Collection<? extends Lease> leases) {
    attempts(leases).forEach(attempt -> attempt.end(End.CANCELLED));
  }

  private synchronized void noteEarly(Collection<? extends Lease> leases) {
    leases.stream().filter(lease -> !underWay.containsKey(lease)).forEach(revokedEarly::add);
  }

  private synchronized List<Attempt> attempts(Collection<? extends Lease> leases) {
    return leases.stream().map(underWay::get).filter(Objects::nonNull).toList();
  }

  private synchronized void awaitSettled(Collection<? extends Lease> leases, Duration patience) {
    try {
      awaitUntil(() -> leases.stream().noneMatch(underWay::containsKey), patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes no more jobs from now on; what is at hand goes back at the next turn. */
  synchronized void quiet() {
    quiet = true;
  }

  /** Waits until nothing is under way; answers whether it came to that. */
  synchronized boolean awaitIdle(Duration patience) throws InterruptedException {
    return awaitUntil(underWay::isEmpty, patience);
  }

  /** Interrupts what still runs, so that it can be given back. */
  void interruptAll() {
    all().forEach(attempt -> attempt.end(End.STOPPED));
  }

  /** Gives back what still runs although it was interrupted. */
  void abandonAll() {
    all().forEach(attempt -> decideWithoutThread(attempt, new Outcome.Released()));
  }

  private synchronized List<Attempt> all() {
    return new ArrayList<>(underWay.values());
  }

  /** Must be called holding the monitor. */
  private boolean awaitUntil(BooleanSupplier done, Duration patience) throws InterruptedException {
    long deadline = ticker.nanos() + patience.toNanos();
    long left;
    while (!done.getAsBoolean() && (left = deadline - ticker.nanos()) > 0) {
      wait(Math.min(Math.max(left / 1_000_000, 1), 50));
    }
    return done.getAsBoolean();
  }
}
