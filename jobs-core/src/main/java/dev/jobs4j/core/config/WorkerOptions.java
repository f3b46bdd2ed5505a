package dev.jobs4j.core.config;

import dev.jobs4j.api.InvalidJobException;
import org.jspecify.annotations.Nullable;

/**
 * How one engine works one queue.
 *
 * @param concurrency how many jobs of the queue run at once, ≥ 1
 * @param virtualThreads whether they run on virtual threads; needs Java 21 or later, refused before
 * @param fairShare how its tenants share the starts; null starts by urgency alone
 */
public record WorkerOptions(
    int concurrency, boolean virtualThreads, @Nullable FairShare fairShare) {

  /** Checks the range. */
  public WorkerOptions {
    if (concurrency < 1) {
      throw new InvalidJobException("concurrency must be >= 1, was " + concurrency);
    }
  }

  /** Ten jobs at once on platform threads. */
  public static WorkerOptions defaults() {
    return of(10);
  }

  /** So many jobs at once on platform threads. */
  public static WorkerOptions of(int concurrency) {
    return new WorkerOptions(concurrency, false, null);
  }

  /** The same on virtual threads. */
  public WorkerOptions onVirtualThreads() {
    return new WorkerOptions(concurrency, true, fairShare);
  }

  /** The same with the starts shared among tenants; only where the queue lives in a store. */
  public WorkerOptions fairShare(FairShare value) {
    return new WorkerOptions(concurrency, virtualThreads, value);
  }
}
