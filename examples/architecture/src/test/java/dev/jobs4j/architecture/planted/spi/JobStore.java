package dev.jobs4j.architecture.planted.spi;

import dev.jobs4j.architecture.planted.api.Job;

public interface JobStore {
  void insert(Job job);
}
