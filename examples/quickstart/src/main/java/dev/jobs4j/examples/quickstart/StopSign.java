package dev.jobs4j.examples.quickstart;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Anybody may say that the run should end early, and why; the first reason counts. Thread-safe. */
final class StopSign {

  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

  void raise(String why) {
    reason.compareAndSet(null, why);
  }

  /** Ends the run, if anybody said so. */
  void throwIfRaised() {
    String why = reason.get();
    if (why != null) {
      throw new RunFailedException(ExitCode.STOPPED, why);
    }
  }
}
