package dev.jobs4j.core.http;

import dev.jobs4j.api.JobException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A callback was not delivered and may be tried again: the receiver was busy or broken, or was not
 * reached. Its message names the URL without query and user info.
 */
public final class HttpCallbackException extends JobException {
  private static final long serialVersionUID = 1L;

  private final int status;

  private HttpCallbackException(String message, @Nullable Throwable cause, int status) {
    super(message, cause);
    this.status = status;
  }

  static HttpCallbackException answered(String message, int status) {
    return new HttpCallbackException(message, null, status);
  }

  static HttpCallbackException unreached(String message, @Nullable Throwable cause) {
    return new HttpCallbackException(message, cause, 0);
  }

  /** What the receiver answered; empty if there was no whole answer. */
  public OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }
}
