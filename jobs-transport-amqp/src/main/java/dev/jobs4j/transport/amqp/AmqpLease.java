package dev.jobs4j.transport.amqp;

import dev.jobs4j.spi.Lease;

/**
 * The right to settle one delivery. A tag means something on its own channel only, so the channel
 * is part of the name: each channel ever opened by a source is a generation of its own.
 *
 * @param generation the number of the channel, from 1
 * @param queue the broker queue
 * @param tag the delivery's number on that channel
 * @param round how often the delivery was released and given out again without the broker
 */
record AmqpLease(long generation, String queue, long tag, int round) implements Lease {

  /** The same delivery given out once more. */
  AmqpLease next() {
    return new AmqpLease(generation, queue, tag, round + 1);
  }

  /** {@code amqp:mails#17@g2}, and {@code /1} behind it after a release. */
  @Override
  public String toString() {
    return "amqp:" + queue + "#" + tag + "@g" + generation + (round == 0 ? "" : "/" + round);
  }
}
