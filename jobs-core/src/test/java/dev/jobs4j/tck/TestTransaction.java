package dev.jobs4j.tck;

import dev.jobs4j.api.JobTransaction;

/** A transaction of a caller, in the hands of a case. */
public interface TestTransaction extends AutoCloseable {

  /** What an insert joins. */
  JobTransaction handle();

  /** Commits and gives the connection back. */
  void commit();

  /** Rolls back and gives the connection back. */
  void rollback();

  /** Rolls back unless it has ended. */
  @Override
  void close();
}
