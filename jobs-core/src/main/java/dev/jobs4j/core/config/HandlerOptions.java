package dev.jobs4j.core.config;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.retry.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the jobs of one type are handled; what a {@code @JobHandler} annotation says, as a value.
 *
 * @param queue the queue that this engine works for the type
 * @param retry what happens after a failed attempt
 * @param limit the longest an attempt may take, or null
 * @param aliases earlier names of the type, whose stored jobs are run as well
 */
public record HandlerOptions(
    JobQueue queue, RetryPolicy retry, @Nullable Duration limit, Set<String> aliases) {

  /** A limit must be more than zero; the set is copied. */
  public HandlerOptions {
    aliases = Set.copyOf(aliases);
    if (limit != null) {
      Durations.requirePositive("timeout", limit);
    }
  }

  /** The default queue and retry policy, no timeout. */
  public static HandlerOptions defaults() {
    return new HandlerOptions(JobQueue.DEFAULT, RetryPolicy.defaults(), null, Set.of());
  }

  /** The same on another queue. */
  public HandlerOptions queue(String name) {
    return new HandlerOptions(JobQueue.of(name), retry, limit, aliases);
  }

  /** The same with another retry policy. */
  public HandlerOptions retry(RetryPolicy value) {
    return new HandlerOptions(queue, value, limit, aliases);
  }

  /** The same with a timeout. */
  public HandlerOptions timeout(Duration value) {
    return new HandlerOptions(queue, retry, value, aliases);
  }

  /** The same for jobs that were stored under one of these earlier names of the type, too. */
  public HandlerOptions aliases(String... names) {
    return new HandlerOptions(queue, retry, limit, Set.of(names));
  }

  /** The longest an attempt may take. */
  public Optional<Duration> timeout() {
    return Optional.ofNullable(limit);
  }
}
