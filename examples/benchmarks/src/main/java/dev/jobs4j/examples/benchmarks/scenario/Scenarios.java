package dev.jobs4j.examples.benchmarks.scenario;

import static dev.jobs4j.examples.benchmarks.contestant.Roster.DB_SCHEDULER;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.JOBRUNR;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIBRARY;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIBRARY_DELETING;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIBRARY_FAIR;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIBRARY_FIFO;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIBRARY_LIMIT;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIBRARY_MEMORY;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIMIT;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIMIT_COPY;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIMIT_HOT;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIMIT_KEPT;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIMIT_NOTIFY;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.QUARTZ;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.THREADS;

import dev.jobs4j.examples.benchmarks.database.Database.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All scenarios, in the order in which they run. */
public final class Scenarios {

  /** How often the library polls where nothing else wakes it, in milliseconds. */
  public static final int POLL_MILLIS = 200;

  static final String BACKLOG = ", backlog";
  static final String OPEN = ", transaction open";
  static final String RUNNING = "behind running jobs";
  static final String UNKNOWN_TYPE = "behind an unknown type";
  static final String PAUSED_TENANT = "behind a paused tenant";

  private static final Set<String> NOT_ON_H2 =
      Set.of("latency-jvms", "latency-polling", "long-transaction");

  private static final int BUSY_WORKERS = 50;
  private static final long MILLISECOND = 1_000_000;

  private Scenarios() {}

  /**
   * All of them, at this size. An H2 inside this JVM lets no other one in, and has no snapshot that
   * a transaction could hold.
   */
  public static List<Scenario> all(Size size, Product product) {
    Stream<Scenario> all =
        Stream.of(
            drain(),
            drainKept(),
            drainBusy(),
            enqueue(),
            enqueueBulk(),
            mixed(),
            latency(),
            latencyElsewhere(),
            latencyPolling(),
            backlog(size),
            head(size),
            longTransaction(size),
            features(),
            engines(),
            longRunning(size),
            idle(),
            memory(),
            inMemory());
    return all.filter(scenario -> product != Product.H2 || !NOT_ON_H2.contains(scenario.name()))
        .toList();
  }

  private static Scenario drain() {
    return new Scenario(
        "drain",
        "no-op jobs, 10 workers, ended jobs deleted (jobrunr keeps them)",
        Drain.FIGURES,
        against(
            LIMIT, Drain.PLAIN, LIMIT, LIMIT_HOT, LIBRARY_DELETING, DB_SCHEDULER, JOBRUNR, QUARTZ));
  }

  private static Scenario drainKept() {
    return new Scenario(
        "drain-kept",
        "no-op jobs, 10 workers, ended jobs kept; limit deletes them, limit-kept updates them",
        Drain.FIGURES,
        against(LIMIT, Drain.PLAIN, LIMIT, LIMIT_KEPT, LIBRARY));
  }

  private static Scenario drainBusy() {
    Drain busy = new Drain(1, BUSY_WORKERS, () -> LockSupport.parkNanos(MILLISECOND));
    return new Scenario(
        "drain-1ms",
        "handlers that wait 1 ms, 50 workers; threads is what 50 threads do without a queue",
        Drain.FIGURES,
        against(THREADS, busy, THREADS, LIBRARY, DB_SCHEDULER, JOBRUNR));
  }

  private static Scenario enqueue() {
    return new Scenario(
        "enqueue",
        "one by one, each durable before the next, 4 threads, nothing runs",
        Enqueue.FIGURES,
        against(
            LIMIT, Enqueue.SINGLE, LIMIT, LIMIT_NOTIFY, LIBRARY, DB_SCHEDULER, JOBRUNR, QUARTZ));
  }

  private static Scenario enqueueBulk() {
    return new Scenario(
        "enqueue-bulk",
        "in bulk from one thread; limit by unnest, limit-copy by COPY",
        Enqueue.FIGURES,
        against(LIMIT, Enqueue.BULK, LIMIT, LIMIT_COPY, LIBRARY, DB_SCHEDULER, JOBRUNR, QUARTZ));
  }

  private static Scenario mixed() {
    return new Scenario(
        "mixed",
        "4 threads enqueue one by one while 10 workers run what comes",
        Drain.FIGURES,
        against(LIMIT, new Mixed(), LIMIT, LIBRARY, DB_SCHEDULER, JOBRUNR, QUARTZ));
  }

  private static Scenario latency() {
    return new Scenario(
        "latency",
        "enqueue returned to handler called, idle engine in the same JVM",
        Samples.FIGURES,
        against(LIMIT, Latency.here(), LIMIT, LIBRARY, DB_SCHEDULER, JOBRUNR, QUARTZ));
  }

  private static Scenario latencyElsewhere() {
    return new Scenario(
        "latency-jvms",
        "the same with the engine in another JVM; limit polls each 5 ms",
        Samples.FIGURES,
        against(LIMIT_NOTIFY, Latency.elsewhere(), LIMIT_NOTIFY, LIMIT, LIBRARY, DB_SCHEDULER));
  }

  private static Scenario latencyPolling() {
    return new Scenario(
        "latency-polling",
        "another JVM, the library polls each " + POLL_MILLIS + " ms and nothing wakes it",
        Samples.FIGURES,
        against(LIMIT, Latency.elsewhere(Elsewhere.POLL + POLL_MILLIS), LIMIT, LIBRARY));
  }

  private static Scenario backlog(Size size) {
    List<Entrant> entrants = new ArrayList<>();
    for (String system : List.of(LIMIT, LIMIT_KEPT, LIBRARY, DB_SCHEDULER, JOBRUNR)) {
      entrants.add(Entrant.of(system, null, Drain.PLAIN));
      entrants.add(
          Entrant.of(system, system, Drain.PLAIN).labelled(system + BACKLOG).after(Stages.BACKLOG));
    }
    return new Scenario(
        "backlog",
        "a drain beside %,d jobs that are not due and, where they are kept, %,d that have ended"
            .formatted(size.future(), size.finished()),
        Drain.FIGURES,
        entrants);
  }

  private static Scenario head(Size size) {
    Entrant beside = Entrant.of(LIBRARY, LIBRARY, Drain.PLAIN);
    return new Scenario(
        "head",
        "a drain behind %,d running jobs, or %,d that cannot run and stand first in the index"
            .formatted(size.running(), size.head()),
        Drain.FIGURES,
        List.of(
            Entrant.of(LIBRARY, null, Drain.PLAIN),
            beside.labelled(RUNNING).after(Stages.RUNNING),
            beside.labelled(UNKNOWN_TYPE).after(Stages.UNKNOWN_TYPE),
            beside.labelled(PAUSED_TENANT).after(Stages.PAUSED_TENANT)));
  }

  private static Scenario longTransaction(Size size) {
    List<Entrant> entrants = new ArrayList<>();
    for (String system : List.of(LIMIT, LIMIT_HOT, LIBRARY, DB_SCHEDULER)) {
      entrants.add(Entrant.of(system, null, new Steady(false)));
      entrants.add(Entrant.of(system, system, new Steady(true)).labelled(system + OPEN));
    }
    return new Scenario(
        "long-transaction",
        "%,d jobs/s for %d s, then a drain; with and without a transaction open elsewhere"
            .formatted(size.perSecond(), size.seconds()),
        Steady.FIGURES,
        entrants);
  }

  private static Scenario features() {
    return new Scenario(
        "features",
        "a drain with a limit of eight keys, a thousand lines, eight tenants sharing the starts",
        Drain.FIGURES,
        against(LIBRARY, Drain.PLAIN, LIBRARY, LIBRARY_LIMIT, LIBRARY_FIFO, LIBRARY_FAIR));
  }

  private static Scenario engines() {
    List<Entrant> entrants = new ArrayList<>();
    for (int engines = 1; engines <= 4; engines++) {
      entrants.add(
          Entrant.of(
                  LIBRARY,
                  engines == 1 ? null : "1 engine",
                  new LockWatch(new Drain(engines, 10, () -> {})))
              .labelled(engines == 1 ? "1 engine" : engines + " engines"));
    }
    List<String> figures = new ArrayList<>(List.of(Drain.RATE, LockWatch.WAITS, "deadlocks"));
    figures.addAll(Drain.FIGURES.subList(1, Drain.FIGURES.size()));
    return new Scenario(
        "engines", "a drain by several engines of 10 workers on one table", figures, entrants);
  }

  private static Scenario longRunning(Size size) {
    return new Scenario(
        "long-running",
        "%,d jobs run and do not end".formatted(size.running()),
        LongRunning.FIGURES,
        List.of(Entrant.of(LIBRARY, null, new LongRunning())));
  }

  private static Scenario idle() {
    return new Scenario(
        "idle",
        "an engine that has nothing to start",
        Standstill.FIGURES,
        against(null, new Standstill(), LIBRARY, DB_SCHEDULER, JOBRUNR, QUARTZ));
  }

  private static Scenario memory() {
    return new Scenario(
        "memory",
        "the heap of an engine in the middle of a drain, all workers busy",
        Memory.FIGURES,
        against(null, new Memory(), LIBRARY, DB_SCHEDULER));
  }

  private static Scenario inMemory() {
    return new Scenario(
        "in-memory",
        "no-op jobs, 10 workers, the in-memory store",
        Drain.FIGURES,
        against(THREADS, Drain.PLAIN, THREADS, LIBRARY_MEMORY));
  }

  private static List<Entrant> against(
      @Nullable String against, Entrant.Probe probe, String... systems) {
    return Stream.of(systems).map(system -> Entrant.of(system, against, probe)).toList();
  }
}
