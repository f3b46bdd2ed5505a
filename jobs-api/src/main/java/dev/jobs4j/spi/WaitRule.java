package dev.jobs4j.spi;

import dev.jobs4j.api.JobState;

/**
 * What a waiting job waits for: which ending of its parent lets it go, and which takes it along.
 */
public enum WaitRule {
  /** Its parent must succeed; if that was called off, it is called off too. */
  SUCCEEDED,
  /** Its parent must have ended, however. */
  ENDED;

  /** What an ending of the parent means for the child. */
  public enum Effect {
    /** It waits for this parent no more. */
    RELEASE,
    /** It ends as cancelled. */
    CANCEL,
    /** It goes on waiting: the parent may be requeued. */
    STAY
  }

  /** What it means that the parent has come to this end. */
  public Effect onEnd(JobState end) {
    return switch (end) {
      case SUCCEEDED -> Effect.RELEASE;
      case CANCELLED -> this == SUCCEEDED ? Effect.CANCEL : Effect.RELEASE;
      case DEAD -> this == ENDED ? Effect.RELEASE : Effect.STAY;
      case PENDING, RUNNING -> Effect.STAY;
    };
  }

  /** What it means that the parent, a dead letter, is deleted: nobody can requeue it any more. */
  public Effect onDelete() {
    return onEnd(JobState.CANCELLED);
  }
}
