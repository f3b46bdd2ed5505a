package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DeliverCallback;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.transport.amqp.Delivery.Ready;
import dev.jobs4j.transport.amqp.DeliveryBuffer.Forward;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The consuming connection of a source, with a channel for each job queue and one for each retry
 * queue: a channel that ends alone takes only its own deliveries along, and on some brokers the
 * consumers of one channel share its prefetch. Opens what is missing; lives on the source's own
 * thread.
 */
final class ConsumerLink {

  /** How many messages of one retry queue are watched at once; those behind them wait longer. */
  static final int WINDOW = 100;

  private final Set<JobQueue> queues;
  private final AmqpTransportOptions options;
  private final AmqpTopology topology;
  private final MessageCodec codec;
  private final DeliveryBuffer buffer;
  private final Map<JobQueue, QueueConsumer> consumers = new HashMap<>();
  private final Map<String, ConsumerChannel> retries = new HashMap<>();
  private @Nullable Connection connection;
  private long generation;

  ConsumerLink(
      Set<JobQueue> queues,
      AmqpTransportOptions options,
      AmqpTopology topology,
      MessageCodec codec,
      DeliveryBuffer buffer) {
    this.queues = queues;
    this.options = options;
    this.topology = topology;
    this.codec = codec;
    this.buffer = buffer;
  }

  /**
   * Connects and opens what is not open, then lets the broker deliver what is wanted.
   *
   * @return whether a queue is to be served again after {@link QueueConsumer#GROW_AFTER}
   */
  boolean serve(Demand demand, HeldDeliveries held) throws IOException, TimeoutException {
    Connection current = connection;
    if (current == null) {
      current = options.connectionFactory().newConnection("jobs4j consumer");
      connection = current;
    }
    if (consumers.size() < queues.size()
        || retries.size() < queues.size() * options.retryTiers().size()) {
      topology.declare(current);
    }
    boolean again = false;
    for (JobQueue queue : queues) {
      for (String retry : topology.retries(queue)) {
        if (!retries.containsKey(retry)) {
          retries.put(retry, openRetry(current, queue, retry));
        }
      }
      QueueConsumer consumer = consumers.get(queue);
      if (consumer == null) {
        consumer = openQueue(current, queue);
        consumers.put(queue, consumer);
      }
      Instant now = options.clock().instant();
      // What is no job and cannot be moved on either must not keep jobs out.
      int here = held.count(queue) + buffer.forwards(consumer.channel());
      again |= consumer.adjust(here, demand.of(queue), now);
    }
    return again;
  }

  private ConsumerChannel openChannel(Connection current) throws IOException {
    return ConsumerChannel.open(current, ++generation, buffer::channelEnded);
  }

  private QueueConsumer openQueue(Connection current, JobQueue queue) throws IOException {
    ConsumerChannel channel = openChannel(current);
    DeliverCallback deliveries =
        (consumerTag, message) -> received(delivery(channel, queue, message));
    return new QueueConsumer(channel, queue, options.maxPrefetch(), buffer, deliveries);
  }

  private void received(Delivery delivery) {
    try {
      buffer.put(new Ready(delivery, codec.decode(delivery)));
    } catch (InvalidJobException e) {
      buffer.put(new Forward(delivery, Instant.EPOCH, e));
    }
  }

  private ConsumerChannel openRetry(Connection current, JobQueue queue, String retry)
      throws IOException {
    ConsumerChannel channel = openChannel(current);
    channel.consume(
        retry, WINDOW, (consumerTag, message) -> waiting(delivery(channel, queue, message)));
    return channel;
  }

  private void waiting(Delivery delivery) {
    Instant now = options.clock().instant();
    Instant until = codec.holdUntil(delivery, now);
    // Whatever a message says, it is never held so long that the broker ends the channel.
    Instant latest = now.plus(AmqpTransportOptions.LONGEST_TIER);
    buffer.put(new Forward(delivery, until.isBefore(latest) ? until : latest, null));
  }

  private static Delivery delivery(
      ConsumerChannel channel, JobQueue queue, com.rabbitmq.client.Delivery message) {
    return new Delivery(
        channel,
        message.getEnvelope().getDeliveryTag(),
        queue,
        message.getEnvelope().isRedeliver(),
        message.getProperties(),
        message.getBody());
  }

  /** Whether a channel has ended since {@link #takeEnded}. */
  boolean hasEnded() {
    return channels().stream().anyMatch(channel -> channel.ended() != null);
  }

  /** Forgets the channels that have ended, and the connection if it is gone; says which. */
  List<ConsumerChannel> takeEnded() {
    Connection current = connection;
    if (current != null && !current.isOpen()) {
      channels().forEach(channel -> channel.end(new IOException("Connection is closed")));
      connection = null;
    }
    List<ConsumerChannel> ended =
        channels().stream().filter(channel -> channel.ended() != null).toList();
    consumers.values().removeIf(consumer -> consumer.channel().ended() != null);
    retries.values().removeIf(channel -> channel.ended() != null);
    ended.forEach(ConsumerChannel::close);
    return ended;
  }

  private List<ConsumerChannel> channels() {
    List<ConsumerChannel> channels = new ArrayList<>(retries.values());
    consumers.values().forEach(consumer -> channels.add(consumer.channel()));
    return channels;
  }

  /** Gives the connection up after a command on it failed: its state is unknown. */
  void giveUp(Throwable why) {
    channels().forEach(channel -> channel.end(why));
    if (connection != null) {
      connection.abort(1_000);
    }
  }

  /** Leaves in order: acknowledgements arrive, everything else goes back to its queue. */
  void close() {
    boolean answers = true;
    for (ConsumerChannel channel : channels()) {
      // One that does not answer speaks for all: the connection's end does the rest.
      answers = answers && channel.close();
      channel.end(new IOException("Source is closed"));
    }
    if (connection != null) {
      connection.abort(1_000);
      connection = null;
    }
  }
}
