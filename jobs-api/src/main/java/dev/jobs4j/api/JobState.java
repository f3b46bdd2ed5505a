package dev.jobs4j.api;

/** Where a job is in its life; the legal moves between states are listed in the documentation. */
public enum JobState {
  /** Stored and not running: due, not due yet, or waiting for something. */
  PENDING,
  /** Held by one engine under one token. */
  RUNNING,
  /** Ended well. Final. */
  SUCCEEDED,
  /** Given up: a dead letter. Final unless someone requeues it. */
  DEAD,
  /** Called off. Final unless someone requeues it. */
  CANCELLED;

  /** Whether the job has ended. */
  public boolean isTerminal() {
    return this != PENDING && this != RUNNING;
  }
}
