/**
 * Runs jobs straight from queues of an AMQP 0-9-1 broker, RabbitMQ above all (DIRECT mode). Start
 * at {@link dev.jobs4j.transport.amqp.AmqpJobTransport}; {@code AmqpJobSource} is the way of a
 * delivery, {@code AmqpTopology} the queues it may be in, {@code MessageCodec} what is on the wire,
 * {@code ConfirmedPublisher} how anything is made durable before something else is given up.
 */
@NullMarked
package dev.jobs4j.transport.amqp;

import org.jspecify.annotations.NullMarked;
