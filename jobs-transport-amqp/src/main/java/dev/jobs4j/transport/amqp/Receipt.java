package dev.jobs4j.transport.amqp;

import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** What became of one message that was sent. Ends once; thread-safe. */
final class Receipt {

  /** The ways a publication can end. */
  enum Fate {
    /** On its way. */
    OPEN,
    /** The broker keeps it. */
    CONFIRMED,
    /** The broker has no such queue; it was not kept. */
    RETURNED,
    /** The broker says that it could not take it; with several queues some may have. */
    REFUSED,
    /** It never left. */
    NOT_SENT,
    /** It left, and nothing more is known. */
    UNKNOWN
  }

  private final Outgoing message;
  private final CountDownLatch batch;
  private volatile boolean returned;
  private Fate fate = Fate.OPEN;
  private @Nullable Throwable cause;
  private boolean doubtful;

  private Receipt(Outgoing message, CountDownLatch batch) {
    this.message = message;
    this.batch = batch;
  }

  /** Receipts for messages that are waited for together. */
  static List<Receipt> forAll(List<Outgoing> messages, CountDownLatch batch) {
    return messages.stream().map(message -> new Receipt(message, batch)).toList();
  }

  Outgoing message() {
    return message;
  }

  /** The broker has sent it back; its confirm, which follows, means nothing then. */
  void returned() {
    returned = true;
  }

  synchronized void end(Fate how, @Nullable Throwable why) {
    if (fate == Fate.OPEN) {
      fate = how == Fate.CONFIRMED && returned ? Fate.RETURNED : how;
      cause = why;
      batch.countDown();
    }
  }

  synchronized Fate fate() {
    return fate;
  }

  /** Whether the broker would not take it, for a reason that may pass. */
  boolean worthAnotherTry() {
    return fate() == Fate.RETURNED || fate() == Fate.REFUSED;
  }

  /** This one is about the same message sent again: what that try left in doubt stays so. */
  synchronized void follows(Receipt earlier) {
    doubtful = earlier.doubtful();
  }

  /** Whether the broker may keep the message although it did not say so. */
  private synchronized boolean doubtful() {
    return doubtful || fate == Fate.UNKNOWN || fate == Fate.REFUSED;
  }

  boolean confirmed() {
    return fate() == Fate.CONFIRMED;
  }

  private synchronized @Nullable Throwable cause() {
    return cause;
  }

  /** What to throw unless all were confirmed. */
  static Optional<StoreException> failure(List<Receipt> receipts) {
    Receipt first = null;
    int failed = 0;
    boolean unknown = false;
    for (Receipt receipt : receipts) {
      if (!receipt.confirmed()) {
        first = first == null ? receipt : first;
        failed++;
        unknown |= receipt.doubtful();
      }
    }
    if (first == null) {
      return Optional.empty();
    }
    Throwable cause = first.cause();
    String message =
        failed
            + " of "
            + receipts.size()
            + " messages not confirmed; the first, to queue "
            + first.message.routingKey()
            + ": "
            + first.reason()
            + (cause == null ? "" : ": " + cause.getMessage());
    // With one of the others kept, the same call must not count as having had no effect.
    return Optional.of(
        new StoreException(
            message,
            unknown || failed < receipts.size() ? Certainty.UNKNOWN : Certainty.NOT_DONE,
            cause == null ? new IOException(message) : cause));
  }

  private String reason() {
    return switch (fate()) {
      case RETURNED -> "there is no such queue";
      case REFUSED -> "refused by the broker (full, or not writable now)";
      case NOT_SENT -> "not sent";
      default -> "no answer (connection lost, or none within confirmTimeout)";
    };
  }
}
