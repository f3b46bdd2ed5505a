package dev.jobs4j.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a handler ends when the ending is part of its meaning. For everything else return the result
 * or throw.
 */
public sealed interface JobOutcome {

  /**
   * Ended well.
   *
   * @param result what the job leaves, or null
   * @param follow what is enqueued with the success, see {@link #follow}
   */
  record Done(@Nullable Object result, List<JobRequest<?>> follow) implements JobOutcome {
    /** Copies the list. */
    public Done {
      follow = List.copyOf(follow);
    }

    /**
     * Also enqueues this job. Where it goes to the store that this one came from, it is there if
     * and only if this success is accepted, in one transaction. Anywhere else (a broker, another
     * store) it is enqueued first, so it may be there twice if this job has to run again.
     *
     * @throws InvalidJobException if it waits for other jobs or asks for a durability
     */
    public Done follow(JobRequest<?> request) {
      if (!request.after().isEmpty() || !request.afterEnd().isEmpty()) {
        throw new InvalidJobException(
            "a job that follows cannot wait for others (after, afterEnd): type="
                + request.type().name());
      }
      if (request.durability() != Durability.DEFAULT) {
        throw new InvalidJobException(
            "a job that follows is as durable as the success that it follows, durability "
                + request.durability()
                + " cannot be had: type="
                + request.type().name());
      }
      List<JobRequest<?>> more = new ArrayList<>(follow);
      more.add(request);
      return new Done(result, more);
    }
  }

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
   * Given back unfinished, as if it had not started: due at once, on any node, and no attempt is
   * spent; a limit by rate counts the start. The same node may get it again at once, and does if it
   * came from a broker; use {@link Snooze} to come back later.
   */
  record Release() implements JobOutcome {}

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
  static Done done() {
    return new Done(null, List.of());
  }

  /** Ended well, with this result. */
  static Done done(Object result) {
    return new Done(result, List.of());
  }

  /** The same attempt again after {@code delay}. */
  static JobOutcome snooze(Duration delay) {
    return new Snooze(delay);
  }

  /** Given back, for whoever claims it next. */
  static JobOutcome release() {
    return new Release();
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
