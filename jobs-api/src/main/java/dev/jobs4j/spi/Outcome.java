package dev.jobs4j.spi;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one delivery of a job ended: everything that can happen to an attempt becomes one of these
 * and is settled in one place. Delays count from the moment of settlement by the backend's clock.
 */
public sealed interface Outcome {

  /** Ended well, with an encoded result or null. */
  record Succeeded(@Nullable Payload result) implements Outcome {}

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
