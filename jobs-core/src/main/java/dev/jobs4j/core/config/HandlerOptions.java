package dev.jobs4j.core.config;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.retry.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the jobs of one type are handled; what a {@code @JobHandler} annotation says, as a value.
 *
 * @param queue the queue that this engine works for the type
 * @param retry what happens after a failed attempt
 * @param limit the longest an attempt may take, or null
 */
public record HandlerOptions(JobQueue queue, RetryPolicy retry, @Nullable Duration limit) {

  /** A limit must be more than zero. */
  public HandlerOptions {
    if (limit != null) {
      Durations.requirePositive("timeout", limit);
    }
  }

  /** The default queue and retry policy, no timeout. */
  public static HandlerOptions defaults() {
    return new HandlerOptions(JobQueue.DEFAULT, RetryPolicy.defaults(), null);
  }

  /** The same on another queue. */
  public HandlerOptions queue(String name) {
    return new HandlerOptions(JobQueue.of(name), retry, limit);
  }

  /** The same with another retry policy. */
  public HandlerOptions retry(RetryPolicy value) {
    return new HandlerOptions(queue, value, limit);
  }

  /** The same with a timeout. */
  public HandlerOptions timeout(Duration value) {
    return new HandlerOptions(queue, retry, value);
  }

  /** The longest an attempt may take. */
  public Optional<Duration> timeout() {
    return Optional.ofNullable(limit);
  }
}
