package dev.jobs4j.architecture.planted.store.jdbc;

import dev.jobs4j.architecture.planted.api.Job;
import dev.jobs4j.architecture.planted.spi.JobStore;

public class JdbcJobStore implements JobStore {
  @Override
  public void insert(Job job) {
    job.retryPolicy();
  }
}
