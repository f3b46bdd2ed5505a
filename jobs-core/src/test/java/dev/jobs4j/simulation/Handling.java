package dev.jobs4j.simulation;

import dev.jobs4j.api.JobContext;

/**
 * A handler that runs, as it sees itself.
 *
 * @param since when it started, by the true time in nanoseconds
 */
record Handling(Node node, Tracked job, long token, JobContext context, long since) {

  /** Whether the job is no longer its own by the books. */
  boolean isStale() {
    return !job.isCurrent(token);
  }

  boolean isTold() {
    return context.isLeaseLost() || context.isCancelled();
  }

  @Override
  public String toString() {
    return "handler of " + job + " under token " + token + " on " + node;
  }
}
