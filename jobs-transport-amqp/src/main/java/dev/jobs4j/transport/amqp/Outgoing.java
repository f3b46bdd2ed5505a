package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.AMQP;

/** A message on its way to the queue that is called {@code routingKey}, by the default exchange. */
record Outgoing(String routingKey, AMQP.BasicProperties properties, byte[] body) {}
