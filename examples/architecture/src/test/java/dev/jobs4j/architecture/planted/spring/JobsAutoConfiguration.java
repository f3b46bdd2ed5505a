package dev.jobs4j.architecture.planted.spring;

import dev.jobs4j.architecture.planted.core.JobsBuilder;

public class JobsAutoConfiguration {
  public JobsBuilder builder() {
    return new JobsBuilder();
  }
}
