package dev.jobs4j.architecture.planted.transport.amqp;

import dev.jobs4j.architecture.planted.api.Job;

public class AmqpJobTransport {
  public void publish(Job job) {
    job.retryPolicy();
  }
}
