package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.JobException;
import dev.jobs4j.core.config.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * An engine's control loops without threads: given to it as its thread factory, it keeps the loops,
 * and whoever holds it has them take their steps on his own thread, as time by his own ticker makes
 * them due. Nothing waits and nothing runs by itself, so a simulation is in charge of every move.
 * Not thread-safe.
 */
public final class SteppedLoops implements ThreadFactory {

  private static final String KEEPER = "jobs-lease-keeper-";
  private static final String POLLER = "jobs-poller-";
  private static final String SETTLER = "jobs-settler-";

  private final Ticker ticker;
  private final List<Stepped> loops = new ArrayList<>();

  /** Loops that rest by {@code ticker}. */
  public SteppedLoops(Ticker ticker) {
    this.ticker = ticker;
  }

  /** Keeps the loop that {@code task} is, in a thread that never runs. */
  @Override
  public Thread newThread(Runnable task) {
    loops.add(new Stepped((Loop) task));
    return new Thread(task) {
      @Override
      public void start() {}
    };
  }

  /** As if the process had ended: these loops never take a step again. */
  public void forget() {
    loops.clear();
  }

  /** Everyone's turn: those beside the way whose rest is over, then settlements, then claims. */
  public void turn() {
    beside(true);
    settle();
    step(POLLER);
  }

  /** Settles what has ended. */
  public void settle() {
    step(SETTLER);
  }

  /**
   * The loops beside the way take their steps if their rest is over.
   *
   * @param renewing whether the lease keepers do; without, the engine is as if frozen for its store
   */
  public void beside(boolean renewing) {
    for (Stepped stepped : List.copyOf(loops)) {
      boolean keeper = stepped.loop.name().startsWith(KEEPER);
      if (!stepped.isOnTheWay() && (renewing || !keeper)) {
        stepped.stepIfDue();
      }
    }
  }

  /**
   * How long until the next loop beside the way is due, if nothing happens.
   *
   * @param running whether a handler is running now; else the watchdog has nothing to watch
   */
  public Duration rest(boolean running) {
    return loops.stream()
        .filter(stepped -> !stepped.isOnTheWay() && (running || !stepped.isWatchdog()))
        .map(Stepped::rest)
        .min(Duration::compareTo)
        .orElse(Duration.ofDays(1));
  }

  private void step(String prefix) {
    for (Stepped stepped : List.copyOf(loops)) {
      if (stepped.loop.name().startsWith(prefix)) {
        stepped.step();
      }
    }
  }

  /** One loop and the end of its rest. */
  private final class Stepped {
    private final Loop loop;
    private long dueAt = ticker.nanos();

    Stepped(Loop loop) {
      this.loop = loop;
    }

    /** Those wait inside their step for something to do, so they always may take one. */
    boolean isOnTheWay() {
      return loop.name().startsWith(POLLER) || loop.name().startsWith(SETTLER);
    }

    boolean isWatchdog() {
      return loop.name().equals(Engine.WATCHDOG);
    }

    Duration rest() {
      return Duration.ofNanos(Math.max(0, dueAt - ticker.nanos()));
    }

    /** The watchdog, too, is woken by what comes in between, so it is asked each time. */
    void stepIfDue() {
      if (isWatchdog() || rest().isZero()) {
        dueAt = step().toNanos() + ticker.nanos();
      }
    }

    private Duration step() {
      try {
        Duration rest = loop.takeStep(Duration.ZERO);
        if (loop.failures() > 0) {
          throw new JobException("Engine failed: loop=" + loop.name(), loop.lastError());
        }
        return rest;
      } catch (InterruptedException e) { // only a loop that stops passes it on, and none does here
        Thread.currentThread().interrupt();
        return Duration.ofSeconds(1);
      }
    }
  }
}
