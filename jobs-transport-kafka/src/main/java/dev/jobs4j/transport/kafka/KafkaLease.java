package dev.jobs4j.transport.kafka;

import dev.jobs4j.spi.Lease;
import org.apache.kafka.common.TopicPartition;

/**
 * The right to settle one delivery of one record.
 *
 * @param partition where the record is
 * @param offset which it is
 * @param epoch the assignment it was given out under; it ends when the partition is taken away
 * @param delivery counts how often it was given out under that assignment, from 1
 */
record KafkaLease(TopicPartition partition, long offset, long epoch, int delivery)
    implements Lease {

  /** The record's address, such as {@code kafka:orders-3@1042}. */
  @Override
  public String toString() {
    return "kafka:" + partition + "@" + offset;
  }
}
