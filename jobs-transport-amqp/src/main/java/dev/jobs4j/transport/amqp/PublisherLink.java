package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.jobs4j.transport.amqp.Receipt.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One life of the publishing connection and its channel in confirm mode. Whatever is outstanding
 * when it ends has an unknown fate.
 */
final class PublisherLink {

  private final Connection connection;
  private final Channel channel;
  private final Semaphore permits;
  private final Duration patience;

  /** Guards that the sequence numbers we give are in the order in which the broker counts. */
  private final ReentrantLock order = new ReentrantLock();

  private final ConcurrentNavigableMap<Long, Receipt> outstanding = new ConcurrentSkipListMap<>();
  private volatile @Nullable String blocked;
  private volatile boolean given;
  private volatile boolean stale;

  private PublisherLink(Connection connection, Channel channel, AmqpTransportOptions options) {
    this.connection = connection;
    this.channel = channel;
    this.permits = new Semaphore(options.maxOutstanding());
    this.patience = options.confirmTimeout();
  }

  static PublisherLink open(Connection connection, AmqpTransportOptions options)
      throws IOException {
    Channel channel = connection.createChannel();
    if (channel == null) {
      throw new IOException("No channel left on the connection; raise the broker's channel_max");
    }
    PublisherLink link = new PublisherLink(connection, channel, options);
    channel.addConfirmListener(
        (tag, multiple) -> link.answered(tag, multiple, Fate.CONFIRMED),
        (tag, multiple) -> link.answered(tag, multiple, Fate.REFUSED));
    channel.addReturnListener(
        returned ->
            link.returned(returned.getRoutingKey(), returned.getProperties().getMessageId()));
    channel.addShutdownListener(link::failAll);
    connection.addBlockedListener(link::blocked, () -> link.blocked = null);
    channel.confirmSelect();
    return link;
  }

  boolean usable() {
    return !given && channel.isOpen();
  }

  Connection connection() {
    return connection;
  }

  /** Whether a queue was missing, so that the topology is to be declared again. */
  boolean stale() {
    return stale;
  }

  void refreshed() {
    stale = false;
  }

  /** Sends one message; its receipt ends at once if it cannot be sent. */
  void send(Receipt receipt) throws InterruptedException {
    String alarm = blocked;
    if (alarm != null) {
      receipt.end(Fate.NOT_SENT, new IOException("Broker blocks publishers: " + alarm));
      return;
    }
    long nanos = patience.toNanos();
    if (!permits.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      receipt.end(Fate.NOT_SENT, new IOException("maxOutstanding messages wait for confirms"));
      return;
    }
    if (!order.tryLock(nanos, TimeUnit.NANOSECONDS)) {
      permits.release();
      receipt.end(Fate.NOT_SENT, new IOException("Another message is still being written"));
      return;
    }
    try {
      write(receipt);
    } finally {
      order.unlock();
    }
  }

  private void write(Receipt receipt) {
    Outgoing message = receipt.message();
    long number = channel.getNextPublishSeqNo();
    outstanding.put(number, receipt);
    try {
      channel.basicPublish("", message.routingKey(), true, message.properties(), message.body());
    } catch (AlreadyClosedException e) {
      end(outstanding.remove(number), Fate.NOT_SENT, e);
    } catch (IOException e) {
      end(outstanding.remove(number), Fate.UNKNOWN, e);
    } catch (RuntimeException e) {
      // The client has counted a message that the broker never saw: their numbers differ now.
      end(outstanding.remove(number), Fate.NOT_SENT, e);
      discard();
    }
  }

  private void answered(long number, boolean multiple, Fate fate) {
    if (multiple) {
      ConcurrentNavigableMap<Long, Receipt> head = outstanding.headMap(number, true);
      for (Map.Entry<Long, Receipt> first = head.pollFirstEntry();
          first != null;
          first = head.pollFirstEntry()) {
        end(first.getValue(), fate, null);
      }
    } else {
      end(outstanding.remove(number), fate, null);
    }
  }

  /**
   * A return does not carry the number of its message, but comes before its confirm. Two copies of
   * one job to one missing queue are both marked, which is true of both.
   */
  private void returned(String routingKey, @Nullable String messageId) {
    stale = true;
    for (Receipt receipt : outstanding.values()) {
      Outgoing message = receipt.message();
      if (message.routingKey().equals(routingKey)
          && Objects.equals(message.properties().getMessageId(), messageId)) {
        receipt.returned();
      }
    }
  }

  /** An alarm can last for hours; who waits for a confirm is told now. */
  private void blocked(String reason) {
    blocked = reason;
    failAll(new IOException("Broker blocks publishers: " + reason));
  }

  private void failAll(Throwable why) {
    outstanding.keySet().forEach(number -> end(outstanding.remove(number), Fate.UNKNOWN, why));
  }

  /** Only who has taken a receipt out of the map ends it, so a permit is released once. */
  private void end(@Nullable Receipt receipt, Fate fate, @Nullable Throwable why) {
    if (receipt != null) {
      permits.release();
      receipt.end(fate, why);
    }
  }

  /** Gives the link up: what is outstanding is unknown, and the next message needs another. */
  void discard() {
    given = true;
    connection.abort((int) Math.min(1_000, patience.toMillis()));
    failAll(new IOException("Publishing connection was given up"));
  }
}
