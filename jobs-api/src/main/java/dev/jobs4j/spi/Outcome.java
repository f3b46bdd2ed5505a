package dev.jobs4j.spi;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one delivery of a job ended: everything that can happen to an attempt becomes one of these
 * and is settled in one place. Delays count from the moment of settlement by the backend's clock.
 */
public sealed interface Outcome {

  /**
   * Ended well.
   *
   * @param result its encoded result, or null
   * @param follow jobs that are stored if and only if this is accepted; they wait for nobody
   */
  record Succeeded(@Nullable Payload result, List<NewJob> follow) implements Outcome {
    /** Copies the list. */
    public Succeeded {
      follow = List.copyOf(follow);
    }

    /** Ended well, and nothing follows. */
    public Succeeded(@Nullable Payload result) {
      this(result, List.of());
    }
  }

  /**
   * The attempt failed; another follows. At the last allowed attempt it is a dead letter instead.
   */
  record Retry(Duration delay, Failure failure) implements Outcome {}

  /** Put off; the attempt is given back. */
  record Snoozed(Duration delay) implements Outcome {}

  /** Given up. */
  record Dead(DeadReason reason, Failure failure) implements Outcome {}

  /** Called off. */
  record Cancelled() implements Outcome {}

  /** Given back unfinished and due at once; the attempt is given back. */
  record Released() implements Outcome {}
}
