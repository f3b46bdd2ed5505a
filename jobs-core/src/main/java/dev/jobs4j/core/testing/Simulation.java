package dev.jobs4j.core.testing;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobState;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.internal.client.JobIds;
import dev.jobs4j.core.internal.worker.SteppedLoops;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One engine after another on one store, moved by hand: nothing happens in it but what the tester's
 * thread does. Not thread-safe.
 */
final class Simulation {

  private static final Duration LOOK = Duration.ofSeconds(1);

  final VirtualTime time = new VirtualTime();
  final InMemoryJobStore store = InMemoryJobStore.of(time, Integer.MAX_VALUE);
  final Ledger ledger = new Ledger(store.records());

  private final SteppedLoops loops = new SteppedLoops(time);
  private final Deque<Runnable> handlers = new ArrayDeque<>();
  private @Nullable JobsBuilder builder;
  private @Nullable Jobs jobs;
  private boolean engineDied;

  /** The first engine's client; it outlives the engine, since all it needs is the store. */
  @Nullable Jobs client() {
    return jobs;
  }

  /** Takes over what a test has set up, and starts the first engine. */
  void start(JobsBuilder setUp, Faults faults, long seed) {
    if (setUp.hasBackend()) {
      throw new InvalidJobException(
          "JobsTester keeps all jobs in a store of its own: leave store(..) and transport(..) out");
    }
    Random random = new Random(seed);
    JobIds ids = new JobIds(time, random::nextLong);
    builder =
        setUp
            .interceptor(new NotingFollowUps(ids, ledger))
            .interceptor(faults)
            .store(store)
            .clock(time)
            .ticker(time)
            .random(random)
            .threadFactory(loops)
            .workerExecutor(handlers::add);
    jobs = setUp.hasHandlers() ? setUp.start() : setUp.enqueueOnly();
  }

  /** The process ends as soon as the handler that runs has returned. */
  void killEngine() {
    engineDied = true;
  }

  /** Another process comes up; what the dead one held is its until its lease is over. */
  private void restart() {
    engineDied = false;
    loops.forget();
    handlers.clear();
    if (builder != null) {
      builder.start();
    }
  }

  /**
   * Runs what is due now, and what that makes due.
   *
   * @param most so many handlers; at the next one {@code tooMany} is called
   * @return how many ran
   */
  int drain(int most, Consumer<Instant> tooMany) {
    int ran = 0;
    loops.turn();
    while (!handlers.isEmpty()) {
      while (!handlers.isEmpty()) {
        if (++ran > most) {
          tooMany.accept(time.instant());
        }
        handlers.remove().run();
        if (engineDied) {
          restart();
        } else {
          loops.settle();
        }
      }
      loops.turn();
    }
    return ran;
  }

  /** Lets time pass, and at each moment at which something is due, has it happen. */
  void advance(Duration by, int most, Consumer<Instant> tooMany) {
    Instant end = time.instant().plus(by);
    drain(most, tooMany);
    Instant due = ledger.nextDue(time.instant());
    while (time.instant().isBefore(end)) {
      Duration step = shorter(loops.rest(false), Duration.between(time.instant(), end));
      time.pass(due == null ? step : shorter(step, Duration.between(time.instant(), due)));
      boolean reached = due != null && !due.isAfter(time.instant());
      if (drain(most, tooMany) > 0 || reached) {
        due = ledger.nextDue(time.instant());
      }
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /**
   * Time passes while a handler runs.
   *
   * @throws InterruptedException if it is asked to end meanwhile, as whatever it waits for would
   */
  void passWhileRunning(Duration by, JobContext context) throws InterruptedException {
    Instant end = time.instant().plus(by);
    loops.beside(true);
    while (time.instant().isBefore(end) && !context.isCancelled()) {
      time.pass(shorter(loops.rest(true), Duration.between(time.instant(), end)));
      loops.beside(true);
    }
    if (context.isCancelled()) {
      Thread.interrupted();
      throw new InterruptedException("The attempt was asked to end: job=" + context.jobId());
    }
  }

  /**
   * The engine freezes, is declared dead by another's maintenance and finds out when it is back,
   * all while a handler runs.
   */
  void loseLease(JobContext context) {
    while (isHeld(context)) {
      time.pass(LOOK);
      loops.beside(false);
    }
    loops.beside(true);
    Thread.currentThread().interrupt(); // a loop may have met the one meant for the handler
  }

  private boolean isHeld(JobContext context) {
    Job job = store.records().find(context.jobId()).orElseThrow();
    return job.state() == JobState.RUNNING && job.token() == lease(context).token();
  }

  /** The store takes the job back although its handler has done its work. */
  void takeBack(JobContext context) {
    store.settle(List.of(new Settlement(lease(context), new Outcome.Released())));
  }

  private static TokenLease lease(JobContext context) {
    return new TokenLease(context.jobId(), context.fencingToken().orElseThrow());
  }
}
