package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.core.internal.handler.Handlers;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.SourceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that works one source: its poller, dispatcher and settler, and their order of
 * stopping.
 */
final class Line {

  private static final Logger log = LoggerFactory.getLogger(Line.class);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(15);
  private static final Duration LONG_REST = Duration.ofMinutes(1);

  /** How often a stop looks whether everything has ended. */
  private static final Duration LOOK = Duration.ofMillis(5);

  /** How long a settlement may take before somebody is told. */
  private static final Duration LATE = Duration.ofSeconds(5);

  private static final String LATE_REASON =
      "its store or broker does not answer, or a transaction of somebody else holds one of the jobs";

  private final String name;
  private final JobSource source;
  private final Dispatcher dispatcher;
  private final Settler settler;
  private final Map<JobQueue, Slots> slots = new LinkedHashMap<>();
  private final Map<JobQueue, WorkerThreads> threads = new LinkedHashMap<>();
  private final Loop pollerLoop;
  private final Loop settlerLoop;
  private final Ticker ticker;
  private volatile @Nullable Long settlingSince;
  private boolean told; // the watchdog's thread alone

  /** Wires a line; {@code open} is given the listener that the source has to tell. */
  Line(
      String name,
      Map<JobQueue, WorkerOptions> queues,
      Function<SourceListener, JobSource> open,
      Parts parts) {
    this.name = name;
    ticker = parts.ticker();
    queues.forEach(
        (queue, options) -> {
          Ahead ahead =
              options.fairShare() == null ? Ahead.of(options.concurrency()) : Ahead.none();
          slots.put(queue, new Slots(options.concurrency(), ahead));
          threads.put(queue, parts.workers().of(queue, options));
        });
    // They need each other; they meet in this object, and no thread starts before it is whole.
    Wakeup settlerWake = new Wakeup();
    Reports reports = new Reports(this::notes, parts.options().log(), parts.ticker(), settlerWake);
    settler =
        new Settler(
            this::settle, parts.listeners(), this::settled, reports, settlerWake, this::wake);
    dispatcher =
        new Dispatcher(
            parts.handlers(),
            slots,
            threads,
            parts.worker(),
            settler,
            parts.watchdog(),
            parts.listeners(),
            parts.ticker(),
            this::wake,
            this::notes,
            this::records);
    source = open.apply(dispatcher);
    Poller poller = new Poller(source, dispatcher);
    pollerLoop =
        new Loop(
            "jobs-poller-" + name,
            poller::step,
            source::close,
            parts.options().pollInterval(),
            MAX_BACKOFF);
    settlerLoop = new Loop("jobs-settler-" + name, settler::step, () -> {}, LONG_REST, MAX_BACKOFF);
  }

  /** What all lines of an engine share. */
  record Parts(
      EngineOptions options,
      Handlers handlers,
      Worker worker,
      Watchdog watchdog,
      Listeners listeners,
      Ticker ticker,
      WorkerThreads.Maker workers) {}

  private Set<Lease> settle(List<Settlement> settlements) {
    settlingSince = ticker.nanos();
    try {
      return source.settle(settlements);
    } finally {
      settlingSince = null;
    }
  }

  private Duration settlingFor() {
    Long since = settlingSince;
    return since == null ? Duration.ZERO : Duration.ofNanos(ticker.nanos() - since);
  }

  /** Tells once that no ending gets through, and once that they do again; must not wait. */
  void guard() {
    boolean late = settlingFor().compareTo(LATE) > 0;
    if (late && !told) {
      log.warn("No ending of a job gets through, {}: line={}", LATE_REASON, name);
    } else if (told && !late) {
      log.info("Endings of jobs get through again: line={}", name);
    }
    told = late;
  }

  private Optional<JobNotes> notes() {
    return source.notes();
  }

  private Optional<JobRecords> records() {
    return source.records();
  }

  private void settled(Lease lease) {
    dispatcher.settled(lease);
  }

  void start(ThreadFactory factory) {
    settlerLoop.start(factory);
    pollerLoop.start(factory);
  }

  /** Takes no more jobs; what runs goes on. */
  void quiet() {
    dispatcher.quiet();
    source.wake();
  }

  /**
   * Lets what runs finish until {@code drain} is over, then interrupts it, then gives it back. The
   * source keeps its turns all the while, so that leases live and settlements get through.
   */
  void drain(Duration drain, Duration interruptGrace) throws InterruptedException {
    if (!awaitIdle(drain)) {
      dispatcher.interruptAll();
      if (!awaitIdle(interruptGrace)) {
        dispatcher.abandonAll();
        if (!awaitIdle(interruptGrace)) {
          log.warn(
              "Jobs could not be given back, they return when the lease expires: line={}", name);
        }
      }
    }
  }

  /** Looks again and again, by the ticker, whose time need not be that of a wait. */
  private boolean awaitIdle(Duration patience) throws InterruptedException {
    long since = ticker.nanos();
    while (!dispatcher.awaitIdle(Duration.ZERO)) {
      Duration left = patience.minusNanos(ticker.nanos() - since);
      if (left.compareTo(Duration.ZERO) <= 0) {
        return false;
      }
      ticker.sleep(left.compareTo(LOOK) < 0 ? left : LOOK);
    }
    return true;
  }

  /** Gives up at once: nothing is waited for, and what can still be settled on the way is. */
  void abandon() {
    dispatcher.quiet();
    dispatcher.interruptAll();
    dispatcher.abandonAll();
    settlerLoop.stop();
    settler.wake();
    pollerLoop.stop();
    source.wake();
    threads.values().forEach(WorkerThreads::shutdown);
  }

  /** Ends the threads; the source leaves its backend on the poller's. */
  void stop(Duration patience) throws InterruptedException {
    settlerLoop.stop();
    settler.wake();
    settlerLoop.join(patience);
    pollerLoop.stop();
    source.wake();
    pollerLoop.join(patience);
    threads.values().forEach(WorkerThreads::shutdown);
  }

  void wake() {
    source.wake();
  }

  Set<JobQueue> queues() {
    return slots.keySet();
  }

  List<Loop> loops() {
    return List.of(pollerLoop, settlerLoop);
  }

  /** Why nothing ends, or nothing can run in a queue any more. */
  List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    Duration settling = settlingFor();
    if (settling.compareTo(LATE) > 0) {
      troubles.add(
          "no ending of a job of "
              + name
              + " got through for "
              + settling.toSeconds()
              + " s: "
              + LATE_REASON);
    }
    lostQueues().forEach(troubles::add);
    return troubles;
  }

  private Stream<String> lostQueues() {
    return slots.entrySet().stream()
        .filter(queue -> queue.getValue().isLost())
        .map(
            queue ->
                "queue "
                    + queue.getKey()
                    + " has no slot left: "
                    + queue.getValue().leaked()
                    + " handlers ignore their interruption");
  }

  int leakedSlots() {
    return slots.values().stream().mapToInt(Slots::leaked).sum();
  }
}
