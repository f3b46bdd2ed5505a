package dev.jobs4j.spi;

import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobState;

/**
 * What a waiting job waits for: which ending of its parent lets it go, and which takes it along.
 */
public enum WaitRule {
  /** Its parent must succeed; if that was called off, it is called off too. */
  SUCCEEDED,
  /** Its parent must have ended, however. */
  ENDED,
  /**
   * The job before it in its line must have ended and be no dead letter. If that one ends before it
   * has started, what it waited for in the line is waited for in its place.
   */
  LINE,
  /** As {@link #LINE}, and a dead letter lets it go as well. */
  PASSING_LINE;

  /** What an ending of the parent means for the child. */
  public enum Effect {
    /** It waits for this parent no more. */
    RELEASE,
    /** It ends as cancelled. */
    CANCEL,
    /** It goes on waiting: the parent may be requeued. */
    STAY
  }

  /** The rule under which a job waits for the one before it in its line. */
  public static WaitRule of(Fifo.OnDead onDead) {
    return onDead == Fifo.OnDead.BLOCK ? LINE : PASSING_LINE;
  }

  /** Whether it is about the job before it in its line. */
  public boolean isLine() {
    return this == LINE || this == PASSING_LINE;
  }

  /** What it means that the parent has come to this end. */
  public Effect onEnd(JobState end) {
    return switch (end) {
      case SUCCEEDED -> Effect.RELEASE;
      case CANCELLED -> this == SUCCEEDED ? Effect.CANCEL : Effect.RELEASE;
      case DEAD -> this == ENDED || this == PASSING_LINE ? Effect.RELEASE : Effect.STAY;
      case PENDING, RUNNING -> Effect.STAY;
    };
  }

  /** What it means that the parent, a dead letter, is deleted: nobody can requeue it any more. */
  public Effect onDelete() {
    return onEnd(JobState.CANCELLED);
  }
}
