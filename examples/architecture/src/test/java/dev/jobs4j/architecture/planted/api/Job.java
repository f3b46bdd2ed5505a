package dev.jobs4j.architecture.planted.api;

import dev.jobs4j.architecture.planted.api.retry.RetryPolicy;

public class Job {
  public RetryPolicy retryPolicy() {
    throw new JobException("No job here");
  }
}
