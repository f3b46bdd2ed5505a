package dev.jobs4j.core.internal.worker;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One control thread: takes a step, rests, and goes on until it is stopped. Nothing that a step
 * throws ends it, Errors included: it backs off, up to a limit, and tries again for ever, so an
 * engine is there when its store or broker comes back.
 */
final class Loop implements Runnable {

  /**
   * One step. It may wait inside, at most {@code patience}; the answer is how long to rest after.
   */
  @FunctionalInterface
  interface Step {
    Duration take(Duration patience) throws InterruptedException;
  }

  private static final Logger log = LoggerFactory.getLogger(Loop.class);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

  private final String name;
  private final Step step;
  private final Runnable onExit;
  private final Duration patience;
  private final Duration maxBackoff;
  private final Wakeup wake = new Wakeup();
  private volatile boolean stopping;
  private volatile int failures;
  private volatile @Nullable Throwable lastError;
  private @Nullable Thread thread;

  /** A loop whose thread is called {@code name} and runs {@code onExit} last. */
  Loop(String name, Step step, Runnable onExit, Duration patience, Duration maxBackoff) {
    this.name = name;
    this.step = step;
    this.onExit = onExit;
    this.patience = patience;
    this.maxBackoff = maxBackoff;
  }

  void start(ThreadFactory threads) {
    thread = threads.newThread(this);
    thread.setName(name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        stepAndRest();
      }
    } finally {
      exit();
    }
  }

  private void stepAndRest() {
    try {
      wake.await(takeStep(patience));
    } catch (InterruptedException e) {
      if (!stopping) {
        log.debug("Interrupted by somebody else, goes on: loop={}", name);
      }
    }
  }

  /**
   * Takes one step and answers how long to rest; an error makes the rest a backoff. With a patience
   * of zero it does not wait, so that a simulation can take the steps of many loops on one thread.
   */
  Duration takeStep(Duration patience) throws InterruptedException {
    try {
      Duration rest = step.take(patience);
      if (failures > 0) {
        log.info("Works again after {} failures: loop={}", failures, name);
        failures = 0;
        lastError = null;
      }
      return rest;
    } catch (InterruptedException e) {
      if (stopping) {
        throw e;
      }
      return Duration.ZERO; // somebody else's interrupt is not our end
    } catch (Throwable e) { // the edge of a loop: it must survive everything
      return backOff(e);
    }
  }

  private Duration backOff(Throwable error) {
    lastError = error;
    int count = failures + 1; // only this thread writes it
    failures = count;
    Duration pause = FIRST_BACKOFF.multipliedBy(1L << Math.min(count - 1, 20));
    pause = pause.compareTo(maxBackoff) > 0 ? maxBackoff : pause;
    if (count == 1 || (count & (count - 1)) == 0) { // each time the count doubles: no log flood
      log.warn("Failed, next try in {}: loop={} failures={}", pause, name, count, error);
    }
    return pause;
  }

  private void exit() {
    try {
      onExit.run();
    } catch (Throwable e) { // the thread ends here anyway; what is left behind expires by lease
      log.warn("Did not end cleanly: loop={}", name, e);
    }
  }

  /** Ends the rest that is under way. */
  void wake() {
    wake.signal();
  }

  /** Asks the loop to end after the step it is in. */
  void stop() {
    stopping = true;
    wake.signal();
  }

  boolean isStopping() {
    return stopping;
  }

  /** Waits for the end of the thread; interrupts it when {@code patience} is over. */
  void join(Duration patience) throws InterruptedException {
    Thread running = thread;
    if (running == null) {
      return;
    }
    running.join(Math.max(patience.toMillis(), 1));
    if (running.isAlive()) {
      running.interrupt();
      running.join(1000);
    }
  }

  String name() {
    return name;
  }

  /** How many steps in a row have failed. */
  int failures() {
    return failures;
  }

  @Nullable Throwable lastError() {
    return lastError;
  }
}
