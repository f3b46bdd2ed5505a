package dev.jobs4j.api;

import org.jspecify.annotations.Nullable;

/** The root of every error this library throws. Unchecked. */
public class JobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with what happened and what to mend. */
  public JobException(String message) {
    super(message);
  }

  /** An error with what happened, what to mend, and what caused it. */
  public JobException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
