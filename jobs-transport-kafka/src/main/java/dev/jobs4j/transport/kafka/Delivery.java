package dev.jobs4j.transport.kafka;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that waits here or was given out.
 *
 * @param holdUntil until when it and what follows in its partition stay here; null is at once
 */
record Delivery(
    KafkaLease lease, ConsumerRecord<byte[], byte[]> record, @Nullable Instant holdUntil) {

  boolean isHeld(Instant now) {
    return holdUntil != null && holdUntil.isAfter(now);
  }

  /** The same record once more, under a lease of its own. */
  Delivery again(@Nullable Instant until) {
    KafkaLease next =
        new KafkaLease(lease.partition(), lease.offset(), lease.epoch(), lease.delivery() + 1);
    return new Delivery(next, record, until);
  }
}
