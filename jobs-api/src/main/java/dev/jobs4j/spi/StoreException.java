package dev.jobs4j.spi;

import dev.jobs4j.api.JobException;

/**
 * A backend could not do what it was asked. {@link #outcome()} tells whether the work may have been
 * done nevertheless.
 */
public class StoreException extends JobException {
  private static final long serialVersionUID = 1L;

  /** What is known about the work. */
  public enum Certainty {
    /** Nothing was done. */
    NOT_DONE,
    /** The connection broke after the work was sent: it may or may not have been done. */
    UNKNOWN
  }

  private final Certainty outcome;

  /** Failed, with what is known of the effect. */
  public StoreException(String message, Certainty outcome, Throwable cause) {
    super(message, cause);
    this.outcome = outcome;
  }

  /** Whether the work may have been done. */
  public Certainty outcome() {
    return outcome;
  }
}
