package dev.jobs4j.spring;

import dev.jobs4j.core.JobsBuilder;

/**
 * A bean that sets what no property does. It is called in the order of its {@code @Order}, after
 * all that the starter sets itself, and each time the engine is started.
 */
@FunctionalInterface
public interface JobsBuilderCustomizer {

  /** Changes {@code builder}, which has its store; it must neither start it nor keep it. */
  void customize(JobsBuilder builder);
}
