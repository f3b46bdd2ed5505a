package dev.jobs4j.api;

import java.util.List;

/**
 * What a redrive did, or a dry run would do.
 *
 * @param jobs those that wait again, in the order in which they become due
 * @param blocked those that stay because another job holds their unique key; always empty in a dry
 *     run, which takes no keys
 * @param more whether the limit left out letters that match
 */
public record Redriven(List<JobId> jobs, List<JobId> blocked, boolean more) {

  /** Copies the lists. */
  public Redriven {
    jobs = List.copyOf(jobs);
    blocked = List.copyOf(blocked);
  }
}
