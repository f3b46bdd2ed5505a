package dev.jobs4j.core.internal.payload;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobException;

/**
 * A payload that no attempt can use. It keeps only what may be told about the error: the message of
 * one that follows the rules of {@link dev.jobs4j.spi.PayloadCodec}, and for all others the class
 * and the place, because what foreign code says may quote the payload.
 */
public final class UnreadablePayloadException extends JobException {
  private static final long serialVersionUID = 1L;

  private final DeadReason reason;

  @SuppressWarnings("serial") // never serialized
  private final Failure failure;

  UnreadablePayloadException(DeadReason reason, Throwable error) {
    super(told(error));
    this.reason = reason;
    failure = new Failure(error.getClass().getName(), told(error), "");
  }

  /** Why its job is given up. */
  public DeadReason reason() {
    return reason;
  }

  /** What is kept of it with the dead letter. */
  public Failure failure() {
    return failure;
  }

  private static String told(Throwable error) {
    String message = error.getMessage();
    if (error instanceof InvalidJobException && message != null) {
      return message;
    }
    StackTraceElement[] stack = error.getStackTrace();
    return "payload cannot be read: "
        + error.getClass().getName()
        + (stack.length == 0 ? "" : " at " + stack[0]);
  }
}
