package dev.jobs4j.architecture.planted.transport.kafka;

import dev.jobs4j.architecture.planted.api.Job;

public class KafkaJobTransport {
  public void publish(Job job) {
    job.retryPolicy();
  }
}
