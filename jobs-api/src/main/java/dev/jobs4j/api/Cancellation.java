package dev.jobs4j.api;

/** What became of a wish to cancel a job. */
public enum Cancellation {
  /** It had not started and never will. */
  CANCELLED,
  /** It is running and was asked to end; it ends as CANCELLED unless it finishes first. */
  REQUESTED,
  /** It had ended already; nothing changed. */
  TOO_LATE,
  /** No such job is known. */
  UNKNOWN
}
