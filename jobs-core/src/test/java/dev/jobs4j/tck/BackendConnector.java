package dev.jobs4j.tck;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.JobsBuilder;
import java.util.List;
import java.util.Set;

/**
 * Connects an engine to a backend that is running. A class of its own with a public constructor
 * without arguments, so that a worker in another JVM can be told its name.
 */
public interface BackendConnector {

  /**
   * Gives {@code builder} a new handle on the backend, as one more node: a store, or a transport of
   * these queues. Queues that do not exist are made.
   *
   * @param arguments what {@link EngineFixture#arguments()} answered
   */
  void connect(JobsBuilder builder, Set<JobQueue> queues, List<String> arguments);
}
