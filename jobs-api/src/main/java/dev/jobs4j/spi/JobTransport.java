package dev.jobs4j.spi;

import dev.jobs4j.api.JobQueue;
import java.util.List;
import java.util.Set;

/**
 * Moves jobs over a broker. Thread-safe. Each of its queues is worked in one of two modes; this is
 * the DIRECT one: a job runs from the broker, success commits or acknowledges, and a retry or a
 * dead letter is made durable elsewhere first.
 */
public interface JobTransport extends AutoCloseable {

  /** What it can do; see {@link Capability}. */
  Set<Capability> capabilities();

  /** The queues that live on it. */
  Set<JobQueue> queues();

  /**
   * Publishes jobs and returns when the broker has confirmed all of them.
   *
   * @throws StoreException if not all were confirmed; with UNKNOWN some may be there, and the same
   *     jobs may be published again
   */
  void publish(List<NewJob> jobs);

  /** Opens a source of the jobs of {@code queues}, a subset of {@link #queues()}. */
  JobSource open(Set<JobQueue> queues, SourceListener listener);

  /** Closes connections; sources must be closed before. Idempotent. */
  @Override
  void close();
}
