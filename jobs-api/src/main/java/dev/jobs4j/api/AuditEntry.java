package dev.jobs4j.api;

import java.time.Instant;

/**
 * What an operator did to a dead letter. Outlives the letter and its job.
 *
 * @param number its place in the audit: a later one is higher; there may be gaps
 * @param action what was done
 * @param job the job
 * @param operator who did it, and why
 * @param at when, by the store's clock
 * @param change what it changed, in words; never a payload
 */
public record AuditEntry(
    long number, Action action, JobId job, Operator operator, Instant at, String change) {

  /** What can be done. */
  public enum Action {
    /** It waits for another run. */
    REDRIVE,
    /** It has another payload. */
    EDIT,
    /** It is gone. */
    DISCARD
  }
}
