package dev.jobs4j.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a handler ends when the ending is part of its meaning. For everything else return the result
 * or throw.
 */
public sealed interface JobOutcome {

  /** Ended well, with a result or null. */
  record Done(@Nullable Object result) implements JobOutcome {}

  /** Not now: the same attempt again after {@code delay}; no attempt is spent. */
  record Snooze(Duration delay) implements JobOutcome {
    /** A negative delay is refused. */
    public Snooze {
      if (delay.isNegative()) {
        throw new InvalidJobException("snooze delay must not be negative, was " + delay);
      }
    }
  }

  /**
   * Given up at once, whatever the retry policy says: a dead letter with this reason as message.
   */
  record Reject(String why) implements JobOutcome {}

  /** Called off by the handler: ends as CANCELLED. */
  record Cancel() implements JobOutcome {}

  /** Ended well, without a result. */
  static JobOutcome done() {
    return new Done(null);
  }

  /** Ended well, with this result. */
  static JobOutcome done(Object result) {
    return new Done(result);
  }

  /** The same attempt again after {@code delay}. */
  static JobOutcome snooze(Duration delay) {
    return new Snooze(delay);
  }

  /** Given up at once, with {@code why} as the dead letter's message. */
  static JobOutcome reject(String why) {
    return new Reject(why);
  }

  /** Called off. */
  static JobOutcome cancel() {
    return new Cancel();
  }
}
