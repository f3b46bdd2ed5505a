package dev.jobs4j.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An attempt ran longer than its timeout; it counts as failed and the retry policy decides. */
public class JobTimeoutException extends JobException {
  private static final long serialVersionUID = 1L;

  /** The job {@code id} ran longer than {@code timeout}. */
  public JobTimeoutException(JobId id, Duration timeout) {
    this(id, timeout, null);
  }

  /** The same; {@code cause} is what the handler threw when it was interrupted for it. */
  public JobTimeoutException(JobId id, Duration timeout, @Nullable Throwable cause) {
    super("Attempt ran longer than its timeout of " + timeout + ": job=" + id, cause);
  }
}
