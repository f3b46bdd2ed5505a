package dev.jobs4j.core.internal.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A shipped control loop that takes its steps when somebody says so, for the simulation. */
public final class HandMovedLoop {

  private final Loop loop;

  private HandMovedLoop(Loop loop) {
    this.loop = loop;
  }

  /** The loop that a control thread was to run. */
  public static HandMovedLoop of(Runnable task) {
    return new HandMovedLoop((Loop) task);
  }

  /** The name of its thread. */
  public String name() {
    return loop.name();
  }

  /** One step that does not wait; answers how long the loop would rest. */
  public Duration step() throws InterruptedException {
    return loop.takeStep(Duration.ZERO);
  }

  /** Whether it was asked to end. */
  public boolean isStopping() {
    return loop.isStopping();
  }

  /** How many steps in a row have failed. */
  public int failures() {
    return loop.failures();
  }

  /** What its last step threw, or null. */
  public @Nullable Throwable lastError() {
    return loop.lastError();
  }

  /** What its thread does last; only for a loop that was asked to end. */
  public void end() {
    loop.run();
  }
}
