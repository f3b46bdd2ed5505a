package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DeliverCallback;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of one consuming channel. It ends once, with its connection or alone (RabbitMQ's
 * consumer timeout closes the channel only), and everything it delivered and did not acknowledge is
 * then the broker's again: a tag is never used on another life.
 *
 * <p>Its monitor guards the channel, which is not made for several threads: the source's thread
 * consumes and cancels, whoever settles acknowledges.
 */
final class ConsumerChannel {
  private static final Logger log = LoggerFactory.getLogger(ConsumerChannel.class);

  private final Channel channel;
  private final long generation;
  private final Runnable onEnd;
  private final boolean prefetchIsOfConsumer;
  private volatile @Nullable Throwable ended;

  private ConsumerChannel(
      Channel channel, long generation, boolean prefetchIsOfConsumer, Runnable onEnd) {
    this.channel = channel;
    this.prefetchIsOfConsumer = prefetchIsOfConsumer;
    this.generation = generation;
    this.onEnd = onEnd;
  }

  /** Opens a channel; {@code onEnd} is called on a thread of the client when it ends. */
  static ConsumerChannel open(Connection connection, long generation, Runnable onEnd)
      throws IOException {
    Channel channel = connection.createChannel();
    if (channel == null) {
      throw new IOException("No channel left on the connection; raise the broker's channel_max");
    }
    ConsumerChannel opened =
        new ConsumerChannel(channel, generation, AmqpTopology.isRabbit(connection), onEnd);
    channel.addShutdownListener(opened::end);
    return opened;
  }

  long generation() {
    return generation;
  }

  /** Why it ended, or null while it lives. Seen before any later delivery can be kept. */
  @Nullable Throwable ended() {
    return ended;
  }

  /** Ends it, if it has not ended. */
  void end(Throwable why) {
    if (ended == null) {
      ended = why;
      onEnd.run();
    }
  }

  /** Whether each consumer has a prefetch of its own, or one is shared by all of the channel. */
  boolean prefetchIsOfConsumer() {
    return prefetchIsOfConsumer;
  }

  /** Sets the prefetch of a channel whose consumers share it. */
  synchronized void prefetch(int prefetch) throws IOException {
    channel.basicQos(prefetch, false);
  }

  /** Starts a consumer that holds at most {@code prefetch} unacknowledged; returns its tag. */
  synchronized String consume(String queue, int prefetch, DeliverCallback deliveries)
      throws IOException {
    channel.basicQos(prefetch, false);
    CancelCallback cancelled =
        tag -> end(new IOException("Broker cancelled the consumer of queue " + queue));
    return channel.basicConsume(queue, false, deliveries, cancelled);
  }

  /** Stops a consumer; what it delivered stays with this channel. */
  synchronized void cancel(String consumerTag) throws IOException {
    channel.basicCancel(consumerTag);
  }

  /** Acknowledges, unless the channel has ended: then the broker gives the message out again. */
  synchronized boolean ack(long tag) {
    return command(() -> channel.basicAck(tag, false));
  }

  /** Gives a delivery back to the broker. */
  synchronized void requeue(long tag) {
    command(() -> channel.basicNack(tag, false, true));
  }

  private interface Command {
    void run() throws IOException;
  }

  private boolean command(Command command) {
    if (ended != null) {
      return false;
    }
    try {
      command.run();
      return true;
    } catch (IOException | AlreadyClosedException e) {
      end(e);
      return false;
    }
  }

  /**
   * Ends in order: what was acknowledged has arrived, the rest goes back to the queue.
   *
   * @return false if the broker did not answer; it takes back what this held all the same
   */
  synchronized boolean close() {
    try {
      if (channel.isOpen()) {
        channel.close();
      }
      return true;
    } catch (IOException | TimeoutException | AlreadyClosedException e) {
      log.debug("Channel did not close in order, the broker takes back what it holds", e);
      return false;
    }
  }
}
