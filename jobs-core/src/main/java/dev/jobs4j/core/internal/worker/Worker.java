package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobOutcome.Done;
import dev.jobs4j.api.JobTimeoutException;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.RetryDecision;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.internal.client.FollowUps;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.core.internal.handler.Overrides;
import dev.jobs4j.core.internal.payload.Decoded;
import dev.jobs4j.core.internal.payload.Payloads;
import dev.jobs4j.core.internal.payload.Secrets;
import dev.jobs4j.core.internal.payload.UnreadablePayloadException;
import dev.jobs4j.core.internal.worker.Attempt.End;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Stop 5: runs one attempt's handler and makes one {@link Outcome} of everything that can happen.
 * Thread-safe and without state of its own; one serves all threads.
 */
final class Worker {

  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final Payloads payloads;
  private final Listeners listeners;
  private final Ticker ticker;
  private final DoubleSupplier random;
  private final FollowUps followUps;

  Worker(
      Payloads payloads,
      Listeners listeners,
      Ticker ticker,
      DoubleSupplier random,
      FollowUps followUps) {
    this.followUps = followUps;
    this.payloads = payloads;
    this.listeners = listeners;
    this.ticker = ticker;
    this.random = random;
  }

  /**
   * Runs the attempt on the calling thread and answers how it ended. Never throws.
   *
   * @param notes where it may write things down
   * @param records where it may read what others have left
   * @param reports where it says how it gets on
   */
  Outcome run(
      Attempt attempt, Optional<JobNotes> notes, Optional<JobRecords> records, Reports reports) {
    @Nullable Map<String, String> before = MDC.getCopyOfContextMap();
    MDC.put("job.id", attempt.jobId().toString());
    MDC.put("job.type", attempt.job().type());
    MDC.put("job.queue", attempt.queue().name());
    MDC.put("job.attempt", Integer.toString(attempt.attempt()));
    long started = ticker.nanos();
    attempt.begin();
    Decoded payload = Decoded.NOTHING;
    try {
      listeners.publish(new JobEvent.Started(attempt.ref()));
      payload = payloads.read(attempt.job(), attempt.handler());
      notes.ifPresent(kept -> attempt.writeInto(new Notebook(attempt, kept, payloads)));
      records.ifPresent(kept -> attempt.inherit(new Inheritance(attempt.job(), kept, payloads)));
      attempt.sayTo(reports, payload.secrets());
      Object value = attempt.handler().executor().execute(payload.value(), attempt);
      return ended(attempt, value, payload.secrets());
    } catch (UnreadablePayloadException e) {
      return new Outcome.Dead(e.reason(), e.failure());
    } catch (Throwable e) { // whatever a handler throws is the outcome of its attempt
      return failed(attempt, e, payload.secrets());
    } finally {
      attempt.leave(Duration.ofNanos(ticker.nanos() - started));
      if (before == null) {
        MDC.clear();
      } else {
        MDC.setContextMap(before);
      }
    }
  }

  private Outcome ended(Attempt attempt, @Nullable Object value, Secrets secrets) {
    if (value instanceof JobOutcome.Retry retry) {
      return outcome(
          policy(attempt).decide(attempt.attempt(), attempt.age(), retry.delay()),
          new Failure(JobOutcome.Retry.class.getName(), secrets.hide(retry.why()), ""));
    }
    if (value instanceof JobOutcome.Snooze snooze) {
      return new Outcome.Snoozed(snooze.delay());
    }
    if (value instanceof JobOutcome.Release) {
      return new Outcome.Released();
    }
    if (value instanceof JobOutcome.Reject reject) {
      return rejected(secrets.hide(reject.why()));
    }
    if (value instanceof JobOutcome.Cancel) {
      return new Outcome.Cancelled();
    }
    JobOutcome.Done done = value instanceof JobOutcome.Done d ? d : new Done(value, List.of());
    Object result = done.result();
    try {
      return new Outcome.Succeeded(
          result == null ? null : payloads.writeResult(attempt.job(), result),
          followUps.of(attempt.job(), done.follow()));
    } catch (InvalidJobException e) { // another attempt would leave and enqueue the same
      return rejected(String.valueOf(e.getMessage()));
    }
  }

  private static Outcome rejected(String why) {
    return new Outcome.Dead(
        DeadReason.REJECTED, new Failure(JobOutcome.Reject.class.getName(), why, ""));
  }

  /**
   * What follows a throwable: what the attempt was asked to end for, or else what the policy says.
   */
  private Outcome failed(Attempt attempt, Throwable error, Secrets secrets) {
    End end = attempt.endReason();
    if (end == End.CANCELLED) {
      return new Outcome.Cancelled();
    }
    if (end == End.STOPPED || end == End.LEASE_LOST) {
      return new Outcome.Released();
    }
    if (end == End.TIMED_OUT) {
      return judged(attempt, timeout(attempt, null), timeout(attempt, error), secrets);
    }
    if (error instanceof VirtualMachineError) {
      log.error(
          "Handler met an Error of the JVM, the engine goes on: job={} error={}",
          attempt.jobId(),
          Failure.of(error, secrets::hide).stack());
    }
    return judged(attempt, error, error, secrets);
  }

  /** What follows when a handler does not end although it was interrupted at its timeout. */
  Outcome hung(Attempt attempt, JobTimeoutException where) {
    return judged(attempt, where, where, Decoded.NOTHING.secrets());
  }

  /** The timeout of an attempt that its handler ignores: its stack is where the handler is now. */
  static JobTimeoutException hanging(Attempt attempt) {
    JobTimeoutException timeout = timeout(attempt, null);
    timeout.setStackTrace(attempt.stack());
    return timeout;
  }

  private static JobTimeoutException timeout(Attempt attempt, @Nullable Throwable cause) {
    return new JobTimeoutException(attempt.jobId(), attempt.timeout().orElse(Duration.ZERO), cause);
  }

  /**
   * What the policy says of {@code error}; {@code told} is kept of it. They differ at a timeout:
   * what a handler happens to throw when it is interrupted says where it was, and decides nothing.
   */
  private Outcome judged(Attempt attempt, Throwable error, Throwable told, Secrets secrets) {
    try {
      RetryDecision decision =
          policy(attempt).decide(attempt.attempt(), attempt.age(), error, random.getAsDouble());
      return outcome(decision, Failure.of(told, secrets::hide));
    } catch (Throwable e) { // a policy may hold foreign code; the job must not vanish in it
      if (e != told) {
        e.addSuppressed(told);
      }
      return new Outcome.Dead(DeadReason.NON_RETRYABLE, Failure.of(e, secrets::hide));
    }
  }

  private static RetryPolicy policy(Attempt attempt) {
    return Overrides.retry(attempt.job(), attempt.handler().options().retry());
  }

  private static Outcome outcome(RetryDecision decision, Failure failure) {
    if (decision instanceof RetryDecision.RetryAfter retry) {
      return new Outcome.Retry(retry.delay(), failure);
    }
    return new Outcome.Dead(
        decision instanceof RetryDecision.Exhausted
            ? DeadReason.EXHAUSTED
            : DeadReason.NON_RETRYABLE,
        failure);
  }
}
