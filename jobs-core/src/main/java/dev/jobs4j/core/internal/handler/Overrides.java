package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.spi.LeasedJob;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request says instead of its handler's options. Stores have no use for it, so it travels in
 * the job's headers, on every backend alike.
 */
public final class Overrides {

  private static final String BACKOFF = "jobs.backoff";
  private static final String TIMEOUT = "jobs.timeout";

  private Overrides() {}

  /** The headers that carry what the request says. */
  public static Map<String, String> headers(JobRequest<?> request) {
    Map<String, String> headers = new HashMap<>();
    request.backoff().flatMap(Backoff::text).ifPresent(text -> headers.put(BACKOFF, text));
    request.timeout().ifPresent(timeout -> headers.put(TIMEOUT, timeout.toString()));
    return headers;
  }

  /**
   * Somebody else may have written the headers.
   *
   * @throws InvalidJobException if they cannot be read, naming the header
   */
  public static void check(LeasedJob job) {
    retry(job, RetryPolicy.never());
    timeout(job, Optional.empty());
  }

  /** The policy of this job, see {@link #check}. */
  public static RetryPolicy retry(LeasedJob job, RetryPolicy ofHandler) {
    RetryPolicy policy = ofHandler;
    Integer attempts = job.maxAttempts();
    if (attempts != null) {
      policy = policy.withMaxAttempts(attempts);
    }
    String backoff = job.headers().get(BACKOFF);
    if (backoff == null) {
      return policy;
    }
    try {
      return policy.withBackoff(Backoff.parse(backoff));
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException("header " + BACKOFF + ": " + e.getMessage(), e);
    }
  }

  /** The longest an attempt of this job may take, see {@link #check}. */
  public static Optional<Duration> timeout(LeasedJob job, Optional<Duration> ofHandler) {
    String timeout = job.headers().get(TIMEOUT);
    if (timeout == null) {
      return ofHandler;
    }
    try {
      Duration read = Duration.parse(timeout);
      if (!read.isZero() && !read.isNegative() && read.compareTo(Backoff.LONGEST) <= 0) {
        return Optional.of(read);
      }
      throw unreadable(timeout, null);
    } catch (DateTimeParseException e) {
      throw unreadable(timeout, e);
    }
  }

  private static InvalidJobException unreadable(String timeout, @Nullable Exception cause) {
    return new InvalidJobException(
        "header "
            + TIMEOUT
            + " must be a duration such as PT30S, more than 0 and at most "
            + Backoff.LONGEST
            + ", was \""
            + timeout
            + "\"",
        cause);
  }
}
