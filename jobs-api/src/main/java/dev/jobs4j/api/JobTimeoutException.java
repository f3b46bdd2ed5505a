package dev.jobs4j.api;

import java.time.Duration;

/** An attempt ran longer than its timeout; it counts as failed and the retry policy decides. */
public class JobTimeoutException extends JobException {
  private static final long serialVersionUID = 1L;

  /** The job {@code id} ran longer than {@code timeout}. */
  public JobTimeoutException(JobId id, Duration timeout) {
    super("Attempt ran longer than its timeout of " + timeout + ": job=" + id);
  }
}
