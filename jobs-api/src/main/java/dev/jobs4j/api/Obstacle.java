package dev.jobs4j.api;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that keeps a job from running. Immutable.
 *
 * @param kind what sort of thing it is
 * @param text the same in a sentence for people, with the names and numbers that matter
 * @param end when it can be over by itself at the earliest, by the store's clock; null if that
 *     depends on others
 */
public record Obstacle(Kind kind, String text, @Nullable Instant end) {

  /** Every condition that a job must meet to be given out has its kind here. */
  public enum Kind {
    /** It has succeeded, is dead or was cancelled. */
    ENDED,
    /** An engine holds it already. */
    RUNNING,
    /** It should have started by now: it becomes a dead letter at the next look. */
    EXPIRED,
    /** Its time has not come. */
    NOT_DUE,
    /** It waits for other jobs to end, see {@link JobRequest#after}. */
    PARENTS,
    /** Another job stands before it in its line, see {@link JobRequest#fifo}. */
    FIFO,
    /** A limit that it counts against lets no more start, see {@link JobRequest#limit}. */
    LIMIT,
    /** Its queue is paused. */
    QUEUE_PAUSED,
    /** Its type is paused. */
    TYPE_PAUSED,
    /** Its tenant is paused. */
    TENANT_PAUSED,
    /** No live node works its queue. */
    NO_NODE,
    /** No live node that works its queue has a handler for its type. */
    UNKNOWN_TYPE,
    /** No live node that works its queue reads so new a version of its payload. */
    NEWER_VERSION,
    /** Every node that could run it is paused. */
    NODE_PAUSED,
    /**
     * It ran on a node that died, and each node that could run it runs another such job: one at a
     * time on each.
     */
    SUSPECT,
    /** A transaction holds it: a claim under way, or one of a program or a person. */
    LOCKED,
    /** It may start, but every place to run on the nodes that could run it is taken. */
    BUSY,
    /** It may start, but others of its queue are more urgent, or due for longer. */
    BEHIND;

    /** Whether no claim gives out a job that meets it, however many it asks for. */
    public boolean keepsOut() {
      return this != BUSY && this != BEHIND;
    }
  }

  /** When it can be over by itself at the earliest, if it can. */
  public Optional<Instant> until() {
    return Optional.ofNullable(end);
  }

  /** The sentence, behind its kind. */
  @Override
  public String toString() {
    return kind + ": " + text;
  }
}
