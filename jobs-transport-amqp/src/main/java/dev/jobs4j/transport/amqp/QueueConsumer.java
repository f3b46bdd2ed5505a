package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.DeliverCallback;
import dev.jobs4j.api.JobQueue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Consumes one job queue on one channel and holds no more of it than its engine can work on. Lives
 * on the source's own thread.
 */
final class QueueConsumer {

  /**
   * Between a settlement and the slot it frees, nothing is held and nothing is wanted, for a
   * moment. Only a longer one is a pause; giving deliveries back costs their delivery limit.
   */
  private static final Duration PAUSE_AFTER = Duration.ofSeconds(2);

  private final ConsumerChannel channel;
  private final JobQueue queue;
  private final int maxPrefetch;
  private final DeliveryBuffer buffer;
  private final DeliverCallback deliveries;
  private @Nullable String consumerTag;
  private @Nullable Instant idleSince;
  private int prefetch;

  QueueConsumer(
      ConsumerChannel channel,
      JobQueue queue,
      int maxPrefetch,
      DeliveryBuffer buffer,
      DeliverCallback deliveries) {
    this.channel = channel;
    this.queue = queue;
    this.maxPrefetch = maxPrefetch;
    this.buffer = buffer;
    this.deliveries = deliveries;
  }

  ConsumerChannel channel() {
    return channel;
  }

  /**
   * Lets the broker deliver so much that {@code held} jobs and {@code wanted} more can be here at
   * once. The broker takes a new prefetch for a new consumer only, so this starts another when more
   * are wanted than ever before, which an engine with a fixed number of slots does once.
   */
  void adjust(int held, int wanted, Instant now) throws IOException {
    int target = Math.min(maxPrefetch, held + wanted);
    if (target == 0) {
      pauseIfIdle(now);
      return;
    }
    idleSince = null;
    if (consumerTag == null || target > prefetch) {
      if (consumerTag != null) {
        channel.cancel(consumerTag);
      }
      consumerTag = channel.consume(queue.name(), target, deliveries);
      prefetch = target;
    }
  }

  /** A queue that nobody works here must not keep jobs from other nodes. */
  private void pauseIfIdle(Instant now) throws IOException {
    if (consumerTag == null) {
      return;
    }
    if (idleSince == null) {
      idleSince = now;
    } else if (!now.isBefore(idleSince.plus(PAUSE_AFTER))) {
      channel.cancel(consumerTag);
      consumerTag = null;
      buffer.takeAll(queue).forEach(job -> channel.requeue(job.delivery().tag()));
    }
  }
}
