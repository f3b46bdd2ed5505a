package dev.jobs4j.spi;

import java.util.List;

/**
 * Where jobs that have ended go before their store deletes them. Engines of several stores may call
 * it at once, so it is thread-safe.
 */
public interface JobArchive extends AutoCloseable {

  /**
   * Takes jobs over; once it has returned they are durable here and may go there. If it throws,
   * whatever that is, none of them goes, and they are offered again later. So a job may come again,
   * also because its store could not delete it afterwards: its id and token tell.
   *
   * @param jobs at least one; not all of the same state or queue
   */
  void keep(List<ArchivedJob> jobs);

  /** Gives up what it holds open. Idempotent; a later {@link #keep} opens it again. */
  @Override
  default void close() {}
}
