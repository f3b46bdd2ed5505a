package dev.jobs4j.tck;

import dev.jobs4j.spi.JobStore;
import java.time.Duration;

/**
 * One database, and what the contract needs to do to it beside its {@link JobStore}. Made once for
 * a test class and used by all its cases, one after the other.
 */
public interface StoreFixture extends AutoCloseable {

  /** What the cases run on, with its version, such as {@code PostgreSQL 18.6}. */
  String backend();

  /** {@code real} (a server of its own), {@code embedded} or {@code in-memory}. */
  String kind();

  /**
   * Another handle (a node) on the one database of this fixture, with connections of its own. The
   * case closes it.
   */
  JobStore open();

  /** Empties every area: jobs, keys, history, dead letters, engines. Leaves the clock alone. */
  void clear();

  /**
   * Moves the store's clock on, for all handles, open or yet to be opened; never back. It may go on
   * by itself as well.
   */
  void advance(Duration by);

  /**
   * Begins a transaction of a caller, on a connection that is not one of the store's.
   *
   * @throws UnsupportedOperationException if the store does not declare TRANSACTIONAL_ENQUEUE
   */
  default TestTransaction begin() {
    throw new UnsupportedOperationException(backend() + " joins no transactions");
  }

  /**
   * How often a race of two is run, and a hundredth of the jobs in the great claim race: fewer
   * where a statement is slow.
   */
  default int rounds() {
    return 20;
  }

  /** Gives the database up. */
  @Override
  void close();
}
