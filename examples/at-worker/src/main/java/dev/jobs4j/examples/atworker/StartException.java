package dev.jobs4j.examples.atworker;

import org.jspecify.annotations.Nullable;

/** The worker cannot start; the message tells a person what to mend. */
final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
