package dev.jobs4j.examples.chaos.check;

/**
 * A promise that was broken.
 *
 * @param job the job's own name, for which to search the ledgers
 * @param how what was seen
 */
public record Violation(Promise promise, String job, String how) {

  /** In one line. */
  @Override
  public String toString() {
    return promise + ": " + job + ": " + how;
  }
}
