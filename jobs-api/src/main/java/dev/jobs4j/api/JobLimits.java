package dev.jobs4j.api;

import java.util.List;

/**
 * The limits that a store keeps. A change holds on every node at once; what runs already goes on.
 * Thread-safe.
 */
public interface JobLimits {

  /**
   * Keeps a limit, in place of the one of its name if there is one. One that is there as it is
   * changes nothing; the rate of one that has changed begins anew.
   */
  void define(JobLimit limit);

  /**
   * Forgets a limit: jobs that name it are held back by it no more.
   *
   * @return whether it was there
   */
  boolean remove(String name);

  /** All of them, by name. */
  List<JobLimit> list();

  /** How a key stands. */
  LimitUse use(LimitKey key);
}
