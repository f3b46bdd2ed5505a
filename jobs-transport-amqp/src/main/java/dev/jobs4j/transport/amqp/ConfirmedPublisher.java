package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.Connection;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.transport.amqp.Receipt.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Publishes and says of each message whether the broker keeps it. Has a connection of its own,
 * because a broker in an alarm stops reading from those that publish, and acknowledgements must get
 * through then. Connects when it is first needed and again after a loss. Thread-safe.
 */
final class ConfirmedPublisher {

  private static final int AGAIN = 3;
  private static final Duration REST = Duration.ofMillis(100);

  private final AmqpTransportOptions options;
  private final AmqpTopology topology;

  /** Guards {@code link} and that one thread at a time connects. */
  private final ReentrantLock connecting = new ReentrantLock();

  private @Nullable PublisherLink link;

  /** Open until the transport is closed. */
  private final CountDownLatch closing = new CountDownLatch(1);

  ConfirmedPublisher(AmqpTransportOptions options, AmqpTopology topology) {
    this.options = options;
    this.topology = topology;
  }

  /**
   * Sends messages and waits for the broker's word on each. What it does not take is sent again a
   * few times: a quorum queue refuses while it has no leader, which is also so just after it was
   * made, and a queue that somebody has deleted is declared again in between.
   *
   * @return a receipt for each, in order, none of them open
   */
  List<Receipt> send(List<Outgoing> messages) {
    List<Receipt> receipts = new ArrayList<>(messages.isEmpty() ? List.of() : once(messages));
    for (int again = 0; again < AGAIN; again++) {
      List<Integer> refused =
          IntStream.range(0, receipts.size())
              .filter(i -> receipts.get(i).worthAnotherTry())
              .boxed()
              .toList();
      if (refused.isEmpty() || !rested()) {
        break;
      }
      List<Receipt> replacements = once(refused.stream().map(messages::get).toList());
      for (int i = 0; i < refused.size(); i++) {
        replacements.get(i).follows(receipts.get(refused.get(i)));
        receipts.set(refused.get(i), replacements.get(i));
      }
    }
    return receipts;
  }

  /** Waits a little; false if there is no time for that any more. */
  private boolean rested() {
    try {
      return !closing.await(REST.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<Receipt> once(List<Outgoing> messages) {
    CountDownLatch batch = new CountDownLatch(messages.size());
    List<Receipt> receipts = Receipt.forAll(messages, batch);
    try {
      PublisherLink current = current();
      for (Receipt receipt : receipts) {
        current.send(receipt);
      }
      if (!batch.await(options.confirmTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
        current.discard();
      }
    } catch (StoreException e) {
      receipts.forEach(receipt -> receipt.end(Fate.NOT_SENT, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      receipts.forEach(receipt -> receipt.end(Fate.UNKNOWN, e));
    }
    return receipts;
  }

  private PublisherLink current() throws InterruptedException {
    if (!connecting.tryLock(options.confirmTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
      throw unavailable("Another thread is still connecting", null);
    }
    try {
      if (closing.getCount() == 0) {
        throw unavailable("The transport is closed", null);
      }
      PublisherLink known = link;
      if (known != null && known.usable()) {
        if (known.stale()) {
          topology.declare(known.connection());
          known.refreshed();
        }
        return known;
      }
      if (known != null) {
        known.discard();
        link = null;
      }
      PublisherLink opened = open();
      link = opened;
      return opened;
    } finally {
      connecting.unlock();
    }
  }

  private PublisherLink open() {
    Connection connection;
    try {
      connection = options.connectionFactory().newConnection("jobs4j publisher");
    } catch (IOException | TimeoutException e) {
      throw unavailable("No connection to the broker", e);
    }
    try {
      topology.declare(connection);
      return PublisherLink.open(connection, options);
    } catch (IOException e) {
      connection.abort(1_000);
      throw unavailable("No channel to publish on", e);
    } catch (RuntimeException e) {
      connection.abort(1_000);
      throw e;
    }
  }

  private static StoreException unavailable(String message, @Nullable Throwable cause) {
    return new StoreException(
        message, Certainty.NOT_DONE, cause == null ? new IOException(message) : cause);
  }

  void close() {
    closing.countDown();
    connecting.lock();
    try {
      if (link != null) {
        link.discard();
        link = null;
      }
    } finally {
      connecting.unlock();
    }
  }
}
