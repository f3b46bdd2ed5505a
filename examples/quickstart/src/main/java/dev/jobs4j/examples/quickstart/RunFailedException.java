package dev.jobs4j.examples.quickstart;

import org.jspecify.annotations.Nullable;

/** The run cannot go on; the message tells a person why and what to do. */
final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  RunFailedException(ExitCode exitCode, String message) {
    this(exitCode, message, null);
  }

  RunFailedException(ExitCode exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
