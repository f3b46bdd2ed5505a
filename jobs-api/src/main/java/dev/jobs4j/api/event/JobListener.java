package dev.jobs4j.api.event;

/**
 * Is told what happens to jobs. Called on engine threads, possibly several at once: be quick and
 * thread-safe. What it throws is logged and otherwise ignored.
 */
@FunctionalInterface
public interface JobListener {

  /** Something happened. */
  void on(JobEvent event);
}
