package dev.jobs4j.core;

/**
 * What a jar brings along: handlers, interceptors, listeners, codecs. Named in {@code
 * META-INF/services/dev.jobs4j.core.JobsPlugin}, with a public constructor without parameters, and
 * found by {@link JobsBuilder#plugins()}.
 */
@FunctionalInterface
public interface JobsPlugin {

  /** Adds its parts. Called once for a builder, on the thread that puts it together. */
  void configure(JobsBuilder builder);
}
