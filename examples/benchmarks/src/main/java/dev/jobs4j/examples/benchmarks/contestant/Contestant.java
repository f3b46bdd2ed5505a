package dev.jobs4j.examples.benchmarks.contestant;

import java.time.Duration;

/** A system that stores jobs which do nothing, and runs them. */
public interface Contestant extends AutoCloseable {

  /** By which name it stands in tables. */
  String name();

  /** Its version and settings, on one line. */
  String about();

  /** How many jobs it is given where {@code asked} are: fewer for one that would take minutes. */
  default int jobs(int asked) {
    return asked;
  }

  /** Looks for its best settings with so many jobs; called once, before it is measured. */
  default void tune(int jobs) throws Exception {}

  /** Stores jobs in bulk, as fast as it can; they are due after {@code delay}. */
  void enqueue(int jobs, Duration delay) throws Exception;

  /** Stores jobs one by one, each in a transaction of its own. For one thread. */
  Producer producer() throws Exception;

  /**
   * Starts to run what is due.
   *
   * @param workers how many handlers run at once
   * @param handler what each job does
   */
  Engine start(int workers, Runnable handler) throws Exception;

  /** Deletes all jobs, those that have ended too; nothing runs meanwhile. */
  void clear() throws Exception;

  /** Whether jobs that have ended stay in its tables. */
  default boolean keepsEnded() {
    return false;
  }

  /** How many jobs are due and have not ended, as its tables tell. */
  long unfinished() throws Exception;

  @Override
  default void close() throws Exception {}

  /** Stores one job at a time. */
  @FunctionalInterface
  interface Producer extends AutoCloseable {

    /** Stores a job that is due at once, and returns when it is durable. */
    void enqueue() throws Exception;

    @Override
    default void close() throws Exception {}
  }

  /** A running system. */
  interface Engine extends AutoCloseable {

    /** Waits until so many jobs have ended since the start, in the database too. */
    void awaitSettled(long jobs) throws Exception;

    @Override
    void close() throws Exception;
  }
}
