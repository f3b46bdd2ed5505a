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
import static dev.jobs4j.examples.benchmarks.contestant.Roster.LIMIT_NOTIFY;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.QUARTZ;
import static dev.jobs4j.examples.benchmarks.contestant.Roster.THREADS;
import static dev.jobs4j.examples.benchmarks.scenario.Drain.RATE;

import dev.jobs4j.examples.benchmarks.database.Database.Product;
import dev.jobs4j.examples.benchmarks.report.Goal;
import java.util.List;

/** What the library is to reach, in ratios of one run where that is possible. */
public final class Goals {

  /** A latency may be this much of what plain JDBC has in the same run. */
  private static final double LATENCY = 1.3;

  private Goals() {}

  /** Those of a product. */
  public static List<Goal> of(Product product, Size size) {
    return product == Product.POSTGRESQL
        ? postgres(size)
        : List.of(
            Goal.share("drain", RATE, LIBRARY_DELETING, LIMIT, 0.6),
            Goal.share("enqueue", RATE, LIBRARY, LIMIT, 0.6));
  }

  private static List<Goal> postgres(Size size) {
    return List.of(
        Goal.share("drain", RATE, LIBRARY_DELETING, LIMIT_HOT, 0.7),
        Goal.share("drain", RATE, LIBRARY_DELETING, LIMIT, 0.9),
        Goal.share("drain", RATE, LIBRARY_DELETING, DB_SCHEDULER, 8),
        Goal.share("drain", RATE, LIBRARY_DELETING, JOBRUNR, 36),
        Goal.share("drain", RATE, LIBRARY_DELETING, QUARTZ, 300),
        Goal.share("drain-kept", RATE, LIBRARY, LIMIT, 0.6),
        Goal.share("drain-1ms", RATE, LIBRARY, THREADS, 0.9),
        Goal.share("enqueue", RATE, LIBRARY, LIMIT, 0.9),
        Goal.share("enqueue-bulk", RATE, LIBRARY, LIMIT, 0.7),
        Goal.share("enqueue-bulk", RATE, LIBRARY, LIMIT_COPY, 0.7),
        Goal.atMost("latency", Samples.P50, LIBRARY, 0.7, LIMIT, LATENCY),
        Goal.atMost("latency", Samples.P99, LIBRARY, 2.5, LIMIT, LATENCY),
        Goal.atMost("latency-jvms", Samples.P50, LIBRARY, 2, LIMIT_NOTIFY, LATENCY),
        Goal.atMost("latency-jvms", Samples.P99, LIBRARY, 4, LIMIT_NOTIFY, LATENCY),
        Goal.atMost("latency-polling", Samples.P50, LIBRARY, Scenarios.POLL_MILLIS),
        Goal.atMost("latency-polling", Samples.P99, LIBRARY, Scenarios.POLL_MILLIS * LATENCY),
        Goal.share("backlog", RATE, LIBRARY + Scenarios.BACKLOG, LIBRARY, 0.9),
        Goal.share("head", RATE, Scenarios.RUNNING, LIBRARY, 0.9),
        Goal.share("head", RATE, Scenarios.UNKNOWN_TYPE, LIBRARY, 0.9),
        Goal.share("head", RATE, Scenarios.PAUSED_TENANT, LIBRARY, 0.9),
        Goal.share("long-transaction", RATE, LIBRARY + Scenarios.OPEN, LIBRARY, 0.8),
        Goal.atLeast(
            "long-transaction", Steady.SLOWEST, LIBRARY + Scenarios.OPEN, 0.9 * size.perSecond()),
        Goal.share("features", RATE, LIBRARY_LIMIT, LIBRARY, 0.5),
        Goal.share("features", RATE, LIBRARY_FIFO, LIBRARY, 0.5),
        Goal.share("features", RATE, LIBRARY_FAIR, LIBRARY, 0.5),
        Goal.share("engines", RATE, "2 engines", "1 engine", 0.9),
        Goal.share("engines", RATE, "3 engines", "1 engine", 0.9),
        Goal.share("engines", RATE, "4 engines", "1 engine", 0.9),
        Goal.atMost("engines", LockWatch.WAITS, "4 engines", 0),
        Goal.atMost("engines", "deadlocks", "4 engines", 0),
        Goal.atMost("long-running", LongRunning.WRITES, LIBRARY, 1),
        Goal.atMost("idle", Standstill.STATEMENTS, LIBRARY, 1),
        Goal.atMost("idle", Standstill.THREADS, LIBRARY, 4),
        Goal.atMost("idle", Standstill.HEAP, LIBRARY, 10),
        Goal.atLeast("in-memory", RATE, LIBRARY_MEMORY, 1_000_000));
  }
}
