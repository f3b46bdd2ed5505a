package dev.jobs4j.architecture.planted.store.mongo;

import dev.jobs4j.architecture.planted.api.Job;
import dev.jobs4j.architecture.planted.spi.JobStore;

public class MongoJobStore implements JobStore {
  @Override
  public void insert(Job job) {
    job.retryPolicy();
  }
}
