package dev.jobs4j.simulation;

import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobStore;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A way to build an engine or a store wrongly. The bug is in what it wraps, not in what ships. */
interface Bug {

  /** Nothing is wrong. */
  Bug NONE = new Bug() {};

  /** The store that all nodes share. */
  default JobStore inStore(InMemoryJobStore good, World world) {
    return good;
  }

  /** What one node takes for the store; each call on {@code wire} travels. */
  default JobStore atNode(Node node, JobStore wire, World world) {
    return wire;
  }

  /** What runs the handlers of a node. */
  default Executor executor(Node node, Executor good) {
    return good;
  }

  /** Whether a control loop goes on after this. */
  default boolean survives(@Nullable Throwable error) {
    return true;
  }
}
