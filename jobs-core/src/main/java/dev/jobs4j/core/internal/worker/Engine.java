package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.internal.client.FollowUps;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.core.internal.handler.Handlers;
import dev.jobs4j.core.internal.payload.Payloads;
import dev.jobs4j.core.internal.schedule.FiringJobs;
import dev.jobs4j.core.internal.schedule.Scheduler;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.JobTransport;
import dev.jobs4j.spi.WakeUps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that works in one process: a line for each source; beside them, for each store, the lease
 * keeper, the maintenance, the pruner, the scheduler and the listener, each in a loop of its own;
 * and one watchdog. Started once, stopped once.
 */
public final class Engine {

  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  /** The name of its loop and thread. */
  static final String WATCHDOG = "jobs-watchdog";

  /** How late a recurring job may fire on an idle engine. */
  private static final Duration SCHEDULER_REST = Duration.ofSeconds(1);

  private static final Duration LONG_REST = Duration.ofMinutes(1);

  private final EngineOptions options;
  private final ThreadFactory threads;
  private final Ticker ticker;
  private final Supplier<UUID> ids;
  private final @Nullable JobArchive archive;
  private final DoubleSupplier random;
  private final Payloads payloads;
  private final Handlers handlers;
  private final Line.Parts parts;
  private final Watchdog watchdog;
  private final Listeners listeners;
  private final List<Line> lines = new ArrayList<>();
  private final List<Loop> keepers = new ArrayList<>();
  private final List<Loop> maintainers = new ArrayList<>();
  private final List<WakeUps> wakeUps = new ArrayList<>();
  private final Loop watchdogLoop;
  private volatile boolean started;

  /**
   * What comes from outside, so that an engine can also run in simulated time.
   *
   * @param threads makes all threads
   * @param workers runs handlers instead of threads of our own, or null
   * @param ticker measures time
   * @param random places delays within their jitter
   * @param ids names engines and claims
   * @param archive takes over what stores delete, or null
   */
  public record Surroundings(
      ThreadFactory threads,
      @Nullable Executor workers,
      Ticker ticker,
      DoubleSupplier random,
      Supplier<UUID> ids,
      @Nullable JobArchive archive) {}

  /** Makes plain threads, if nobody brings others. */
  public static ThreadFactory plainThreads() {
    return Thread::new;
  }

  /** An engine without sources yet. */
  public Engine(
      EngineOptions options,
      Handlers handlers,
      Payloads payloads,
      Listeners listeners,
      FollowUps followUps,
      Surroundings surroundings) {
    this.options = options;
    this.handlers = handlers;
    this.listeners = listeners;
    this.threads = surroundings.threads();
    this.ticker = surroundings.ticker();
    this.ids = surroundings.ids();
    archive = surroundings.archive();
    random = surroundings.random();
    this.payloads = payloads;
    watchdog = new Watchdog(ticker, options.interruptGrace(), this::startWatchdog);
    watchdogLoop = new Loop(WATCHDOG, watchdog::step, () -> {}, LONG_REST, options.pollInterval());
    Worker worker = new Worker(payloads, listeners, ticker, surroundings.random(), followUps);
    Executor foreign = surroundings.workers();
    parts =
        new Line.Parts(
            options,
            handlers,
            worker,
            watchdog,
            listeners,
            ticker,
            (queue, workerOptions) ->
                foreign == null
                    ? WorkerThreads.of(queue, workerOptions, threads)
                    : WorkerThreads.over(foreign));
  }

  /** Works these queues of a store, under an engine lease of its own; the name is for people. */
  public void add(
      String lineName,
      JobStore store,
      Map<JobQueue, WorkerOptions> queues,
      String name,
      String version) {
    LeaseOptions leaseOptions = options.lease();
    Map<JobQueue, Integer> places = new HashMap<>();
    queues.forEach((queue, worked) -> places.put(queue, worked.concurrency()));
    EngineLease lease =
        new EngineLease(name, version, leaseOptions, places, handlers.types(), ticker, ids);
    StoreSource source =
        new StoreSource(store, lease, leaseOptions, queues, handlers.types(), ticker, ids);
    LeaseKeeper keeper = new LeaseKeeper(store, lease, leaseOptions, source, ticker);
    Line line =
        new Line(
            lineName,
            queues,
            listener -> {
              source.connect(listener, keeper::step);
              return source;
            },
            parts);
    add(line);
    watchdog.addGuard(keeper::guard);
    keepers.add(
        new Loop(
            "jobs-lease-keeper-" + lineName,
            patience -> keeper.step(),
            keeper::retire,
            Duration.ZERO,
            leaseOptions.renewInterval().dividedBy(2)));
    Maintenance maintenance = new Maintenance(store, options, listeners, ids.get(), line::wake);
    maintainers.add(
        new Loop(
            "jobs-maintenance-" + lineName,
            patience -> maintenance.step(),
            () -> {},
            Duration.ZERO,
            leaseOptions.reapInterval()));
    Pruner pruner =
        new Pruner(store, options.retention(), archive, ticker, leaseOptions.reapInterval());
    maintainers.add(
        new Loop(
            "jobs-pruner-" + lineName,
            patience -> pruner.step(),
            () -> {},
            Duration.ZERO,
            LONG_REST));
    if (store.capabilities().contains(Capability.SCHEDULES)) {
      Duration rest =
          options.pollInterval().compareTo(SCHEDULER_REST) < 0
              ? options.pollInterval()
              : SCHEDULER_REST;
      Scheduler scheduler =
          new Scheduler(
              store.schedules(), new FiringJobs(payloads, random), listeners, line::wake, rest);
      maintainers.add(
          new Loop(
              "jobs-scheduler-" + lineName,
              patience -> scheduler.step(),
              () -> {},
              Duration.ZERO,
              leaseOptions.reapInterval()));
    }
    store.wakeUps(queues.keySet()).ifPresent(word -> listen(lineName, word, line));
  }

  private void listen(String lineName, WakeUps word, Line line) {
    wakeUps.add(word);
    Listening listening = new Listening(word, line::wake, random, LONG_REST);
    maintainers.add(
        new Loop("jobs-listener-" + lineName, listening::step, word::close, LONG_REST, LONG_REST));
  }

  /** Works these queues of a transport. */
  public void add(JobTransport transport, Map<JobQueue, WorkerOptions> queues) {
    String name = queues.keySet().iterator().next().name();
    add(new Line(name, queues, listener -> transport.open(queues.keySet(), listener), parts));
  }

  private void add(Line line) {
    lines.add(line);
    watchdog.addGuard(line::guard);
  }

  /** Starts every thread; if one cannot be had, those that were started end again. */
  public void start() {
    try {
      startAll();
    } catch (Throwable e) { // rethrown: a half-started engine must not go on renewing
      abandon();
      throw e;
    }
  }

  private void startWatchdog() {
    if (started) {
      watchdogLoop.start(threads);
    }
  }

  private void startAll() {
    started = true;
    keepers.forEach(loop -> loop.start(threads));
    maintainers.forEach(loop -> loop.start(threads));
    lines.forEach(line -> line.start(threads));
  }

  /**
   * Stops in order: no new jobs; what runs finishes, or is interrupted and given back without
   * spending an attempt; outcomes are settled; leases end last. The whole takes the drain timeout
   * and a little more at most.
   *
   * @throws InterruptedException if the caller was interrupted: nothing more is waited for, all
   *     threads end by themselves
   */
  public void stop() throws InterruptedException {
    try {
      stopInOrder();
    } catch (Throwable e) { // rethrown: whatever happens, no loop may go on renewing a lease
      abandon();
      throw e;
    }
  }

  private void abandon() {
    lines.forEach(Line::abandon);
    stopMaintainers();
    keepers.forEach(Loop::stop);
    watchdogLoop.stop();
    watchdog.wake();
  }

  private void stopMaintainers() {
    maintainers.forEach(Loop::stop);
    wakeUps.forEach(WakeUps::close); // a listener waits at its backend
  }

  private void stopInOrder() throws InterruptedException {
    lines.forEach(Line::quiet);
    stopMaintainers();
    long since = ticker.nanos();
    for (Line line : lines) {
      Duration used = Duration.ofNanos(ticker.nanos() - since);
      Duration left = options.drainTimeout().minus(used);
      line.drain(left.isNegative() ? Duration.ZERO : left, options.interruptGrace());
    }
    for (Line line : lines) {
      line.stop(options.interruptGrace());
    }
    for (Loop loop : maintainers) {
      loop.join(options.interruptGrace());
    }
    for (Loop loop : keepers) {
      loop.stop();
      loop.join(options.interruptGrace());
    }
    watchdogLoop.stop();
    watchdog.wake();
    watchdogLoop.join(options.interruptGrace());
    log.info("Engine has stopped");
  }

  /** There may be something to do in this queue. */
  public void wake(JobQueue queue) {
    for (Line line : lines) {
      if (line.queues().contains(queue)) {
        line.wake();
      }
    }
  }

  /** There may be something to do anywhere. */
  public void wake() {
    lines.forEach(Line::wake);
  }

  /** The control loops that fail at the moment, and the queues without a slot that can run jobs. */
  public List<String> troubles() {
    Stream<String> failing =
        loops().stream()
            .filter(loop -> loop.failures() > 0)
            .map(
                loop -> loop.name() + " failed " + loop.failures() + " times: " + loop.lastError());
    return Stream.concat(failing, lines.stream().flatMap(line -> line.troubles().stream()))
        .toList();
  }

  /** Every control loop, in the order of a job's way. */
  List<Loop> loops() {
    List<Loop> loops = new ArrayList<>(keepers);
    lines.forEach(line -> loops.addAll(line.loops()));
    loops.addAll(maintainers);
    loops.add(watchdogLoop);
    return loops;
  }

  /** The slots whose threads ignore their interruption. */
  public int leakedSlots() {
    return lines.stream().mapToInt(Line::leakedSlots).sum();
  }
}
