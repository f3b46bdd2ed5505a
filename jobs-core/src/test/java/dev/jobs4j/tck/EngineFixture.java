package dev.jobs4j.tck;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Capability;
import java.util.List;
import java.util.Set;

/** One backend with an engine to be run on it: a store or a transport, the cases do not know. */
public interface EngineFixture extends AutoCloseable {

  /** What the cases run on, with its version, such as {@code Kafka 4.3.1}. */
  String backend();

  /** One of the kinds of {@link BackendReport}. */
  String kind();

  /** What the backend can do. */
  Set<Capability> capabilities();

  /** Connects engines, in this JVM and in others. */
  BackendConnector connector();

  /** What the connector needs to find the backend. */
  List<String> arguments();

  /**
   * The dead letters of a queue as they lie in the backend, read without our library if it can be.
   */
  List<DeadLetter> deadLetters(JobQueue queue);

  /** Whether workers in other JVMs reach the backend; if not, there is no crash to survive. */
  default boolean outlivesWorkers() {
    return true;
  }

  /** Gives the backend up. */
  @Override
  void close();
}
