package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.DeliverCallback;
import dev.jobs4j.api.JobQueue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Consumes one job queue on one channel and holds no more of it than its engine can work on: the
 * prefetch follows what is held and wanted together. The broker fixes the prefetch of a consumer
 * for its life, and a new consumer does not count what an old one has delivered; so there may be
 * several, whose prefetches add up, and a change that lasts adds one or cancels one. (That is
 * RabbitMQ's reading; other brokers keep to the standard, where the prefetch is the channel's, and
 * there it is simply set anew.) Lives on the source's own thread.
 */
final class QueueConsumer {

  /**
   * A slot is free a little before its job is settled, so held and wanted count it twice for that
   * time. Where settlements are always under way (very short jobs) it lasts, and more prefetch is
   * right.
   */
  static final Duration GROW_AFTER = Duration.ofMillis(50);

  /** What was not needed for so long is given up; if that is all, so are the deliveries here. */
  static final Duration SHRINK_AFTER = Duration.ofSeconds(2);

  /** Beyond that they become one, which for a moment gets more than is wanted. */
  private static final int MAX_CONSUMERS = 8;

  private record Consumer(String tag, int prefetch) {}

  private final ConsumerChannel channel;
  private final JobQueue queue;
  private final int maxPrefetch;
  private final DeliveryBuffer buffer;
  private final DeliverCallback deliveries;
  private final Deque<Consumer> consumers = new ArrayDeque<>();
  private int prefetch; // of all of them
  private @Nullable Instant shortSince;
  private Instant peakSince = Instant.EPOCH;
  private int peak;

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
   * Lets the broker deliver so much that {@code held} jobs and {@code wanted} more can be here.
   *
   * @return whether it is to be asked again soon, after {@link #GROW_AFTER}
   */
  boolean adjust(int held, int wanted, Instant now) throws IOException {
    int target = Math.min(maxPrefetch, held + wanted);
    if (target <= prefetch) {
      shortSince = null;
      shrink(target, now);
      return false;
    }
    if (prefetch > 0) {
      shortSince = shortSince == null ? now : shortSince;
      if (now.isBefore(shortSince.plus(GROW_AFTER))) {
        return true;
      }
    }
    grow(target, now);
    return false;
  }

  private void grow(int target, Instant now) throws IOException {
    if (consumers.size() >= MAX_CONSUMERS) {
      cancelTo(0);
    }
    int more = target - prefetch;
    if (consumers.isEmpty() || channel.prefetchIsOfConsumer()) {
      consumers.push(new Consumer(channel.consume(queue.name(), more, deliveries), more));
    } else {
      channel.prefetch(target);
    }
    prefetch = target;
    shortSince = null;
    peakSince = now;
    peak = target;
  }

  private void shrink(int target, Instant now) throws IOException {
    peak = Math.max(peak, target);
    if (now.isBefore(peakSince.plus(SHRINK_AFTER))) {
      return;
    }
    if (peak == 0 || channel.prefetchIsOfConsumer()) {
      cancelTo(peak);
    } else if (peak < prefetch) {
      channel.prefetch(peak);
      prefetch = peak;
    }
    if (peak == 0) {
      // A queue that nobody works here must not keep jobs from other nodes.
      buffer.takeAll(queue).forEach(job -> channel.requeue(job.delivery().tag()));
    }
    peakSince = now;
    peak = target;
  }

  /** Cancels the youngest, as long as enough remains. What they have delivered stays here. */
  private void cancelTo(int enough) throws IOException {
    for (Consumer last = consumers.peek();
        last != null && (enough == 0 || prefetch - last.prefetch() >= enough);
        last = consumers.peek()) {
      channel.cancel(last.tag());
      consumers.pop();
      prefetch = consumers.isEmpty() ? 0 : prefetch - last.prefetch();
    }
  }
}
