package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.AMQP;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.LeasedJob;
import java.util.Map;

/**
 * A message as the broker gave it, with the channel on which alone it can be acknowledged.
 *
 * @param channel where it came in
 * @param tag its number there
 * @param queue the job queue it belongs to, also when it came from one of that queue's retry queues
 * @param redelivered whether the broker has given it out before, to anyone
 * @param properties as received
 * @param body as received
 */
record Delivery(
    ConsumerChannel channel,
    long tag,
    JobQueue queue,
    boolean redelivered,
    AMQP.BasicProperties properties,
    byte[] body) {

  /** The headers, which may be absent on the wire. */
  Map<String, Object> headers() {
    Map<String, Object> headers = properties.getHeaders();
    return headers == null ? Map.of() : headers;
  }

  /** Its name for the first time it is handed out. */
  AmqpLease lease() {
    return new AmqpLease(channel.generation(), queue.name(), tag, 0);
  }

  /** A delivery and the job that was read from it. */
  record Ready(Delivery delivery, LeasedJob job) {

    AmqpLease lease() {
      return (AmqpLease) job.lease();
    }

    /** The same under the next lease: what was settled by the last one stays settled. */
    Ready released() {
      AmqpLease next = lease().next();
      return new Ready(
          delivery,
          new LeasedJob(
              next,
              job.id(),
              job.type(),
              job.typeVersion(),
              job.queue(),
              job.payload(),
              job.attempt(),
              job.maxAttempts(),
              job.fencingToken(),
              job.suspect(),
              job.age(),
              job.tenant(),
              job.tags(),
              job.headers(),
              next.toString()));
    }
  }
}
