package dev.jobs4j.api;

import org.jspecify.annotations.Nullable;

/**
 * A request or a setting was refused before anything was stored; the message names what to mend.
 */
public class InvalidJobException extends JobException {
  private static final long serialVersionUID = 1L;

  /** Refused, with the argument or setting to mend in the message. */
  public InvalidJobException(String message) {
    super(message);
  }

  /** Refused, with what caused it. */
  public InvalidJobException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
