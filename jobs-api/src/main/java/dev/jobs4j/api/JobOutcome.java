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
   * Failed, and to be tried again after {@code delay} instead of what the retry policy's backoff
   * says. An attempt is spent: the policy's attempts and age still hold.
   */
  record Retry(Duration delay, String why) implements JobOutcome {
    /** A negative delay is refused. */
    public Retry {
      if (delay.isNegative()) {
        throw new InvalidJobException("retry delay must not be negative, was " + delay);
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

  /**
   * Failed, and tried again after {@code delay} if the retry policy allows another attempt: for one
   * who was told when to come back, as by the {@code Retry-After} of HTTP.
   *
   * @param delay zero or more, exact: no jitter is added
   * @param why the failure's message in the attempt history
   */
  static JobOutcome retry(Duration delay, String why) {
    return new Retry(delay, why);
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
