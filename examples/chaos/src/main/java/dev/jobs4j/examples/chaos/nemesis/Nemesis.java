package dev.jobs4j.examples.chaos.nemesis;

import dev.jobs4j.examples.chaos.cluster.Cluster;
import dev.jobs4j.examples.chaos.cluster.Worker;
import dev.jobs4j.examples.chaos.ledger.Ledger;
import dev.jobs4j.examples.chaos.ledger.What;
import dev.jobs4j.examples.chaos.wire.Wire;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Carries a plan out. The ledger has the beginning of a fault before it happens and its end after
 * it is over, so the time in between is never too short.
 */
public final class Nemesis {

  /** What a worker that is told to end may take, on a machine that is busy elsewhere. */
  private static final int STOP_SECONDS = 15;

  /** A worker that has not begun to work is not worth a fault. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final String READ_ONLY = "ALTER SYSTEM SET default_transaction_read_only = %s";

  private final Cluster cluster;
  private final Ledger ledger;
  private final AtomicInteger faults = new AtomicInteger();

  /** One that swears to {@code ledger}. */
  public Nemesis(Cluster cluster, Ledger ledger) {
    this.cluster = cluster;
    this.ledger = ledger;
  }

  /** Does all that is planned for a run of this size with this seed, and heals it. */
  public void run(Size size, long seed) throws InterruptedException, ExecutionException {
    long since = System.nanoTime();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      int round = 0;
      for (Plan.Round planned : Plan.of(size, seed).rounds()) {
        sleepUntil(since + Size.ROUND.multipliedBy(round++).toNanos());
        List<Future<?>> tracks = new ArrayList<>();
        for (List<Plan.Step> steps : planned.tracks()) {
          tracks.add(threads.submit(() -> follow(steps)));
        }
        for (Future<?> track : tracks) {
          track.get();
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void sleepUntil(long nano) throws InterruptedException {
    Thread.sleep(Math.max(0, Duration.ofNanos(nano - System.nanoTime()).toMillis()));
  }

  private Void follow(List<Plan.Step> steps)
      throws InterruptedException, IOException, SQLException {
    for (Plan.Step step : steps) {
      Thread.sleep(step.waitMillis());
      Fault fault = step.fault();
      if (fault == Fault.CUT) {
        wire(step).cutAtCommit(); // it is told when it happens
        continue;
      }
      if (fault.reach() == Fault.Reach.WORKER) {
        cluster.workers().get(step.target()).awaitWork(PATIENCE);
      }
      long number = faults.incrementAndGet();
      String target = target(step);
      ledger.append(What.FAULT, fault.name(), number, target);
      switch (fault.reach()) {
        case WORKER -> breakWorker(fault, cluster.workers().get(step.target()), step.millis());
        case WIRE -> breakWire(fault, wire(step), step.millis());
        case SERVER -> breakServer(fault, step.millis());
      }
      ledger.append(What.HEALED, fault.name(), number, target);
    }
    return null;
  }

  /** To be called when a wire says that it cut a connection. */
  public static void cut(Ledger ledger, String target) {
    ledger.append(What.FAULT, Fault.CUT.name(), 0, target);
  }

  private String target(Plan.Step step) {
    if (step.fault().reach() == Fault.Reach.SERVER) {
      return Fault.ALL;
    }
    if (step.target() == Cluster.WORKERS) {
      return Cluster.DRIVER;
    }
    Worker worker = cluster.workers().get(step.target());
    return step.fault() == Fault.KILL || step.fault() == Fault.TERMINATE
        ? worker.life()
        : worker.name();
  }

  private Wire wire(Plan.Step step) {
    return step.target() == Cluster.WORKERS
        ? cluster.wire()
        : cluster.workers().get(step.target()).wire();
  }

  private static void breakWorker(Fault fault, Worker worker, long millis)
      throws IOException, InterruptedException {
    switch (fault) {
      case KILL -> {
        worker.kill();
        Thread.sleep(millis);
        worker.start();
      }
      case TERMINATE -> {
        if (!worker.terminate(STOP_SECONDS)) {
          throw new IllegalStateException(
              worker.life() + " did not end in order within " + STOP_SECONDS + " s");
        }
        worker.start();
      }
      case FREEZE -> {
        worker.freeze();
        try {
          Thread.sleep(millis);
        } finally {
          worker.thaw();
        }
      }
      case POOL -> {
        worker.hog(millis);
        Thread.sleep(millis);
      }
      default -> throw new IllegalArgumentException(fault + " is nothing for a worker");
    }
  }

  private static void breakWire(Fault fault, Wire wire, long millis) throws InterruptedException {
    switch (fault) {
      case HOLE_REQUESTS -> wire.shut(true, false);
      case HOLE_ANSWERS -> wire.shut(false, true);
      case HOLE_BOTH -> wire.shut(true, true);
      case HALF_OPEN -> wire.halfOpen();
      case RESET -> wire.reset();
      case DELAY -> wire.delay(Duration.ofMillis(millis));
      default -> throw new IllegalArgumentException(fault + " is nothing for a wire");
    }
    Thread.sleep(fault == Fault.RESET ? 0 : Math.max(millis, 1_000));
    wire.heal();
  }

  private void breakServer(Fault fault, long millis)
      throws IOException, InterruptedException, SQLException {
    switch (fault) {
      case DATABASE_KILL -> {
        cluster.server().kill();
        cluster.server().startAgain();
      }
      case READ_ONLY -> {
        cluster.server().execute(READ_ONLY.formatted("on"));
        cluster.server().execute("SELECT pg_reload_conf()");
        Thread.sleep(millis);
        cluster.server().execute(READ_ONLY.formatted("off"));
        cluster.server().execute("SELECT pg_reload_conf()");
      }
      case BACKENDS ->
          cluster
              .server()
              .execute(
                  "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                      + " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
      default -> throw new IllegalArgumentException(fault + " is nothing for a server");
    }
  }
}
