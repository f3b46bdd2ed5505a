package dev.jobs4j.spi;

import dev.jobs4j.api.JobId;

/**
 * The lease of a stored job: the job and the token of one claim. The token is the authority; a
 * settlement counts if and only if the job is running under exactly this token.
 */
public record TokenLease(JobId id, long token) implements Lease {
  /** {@code id#token}. */
  @Override
  public String toString() {
    return id + "#" + token;
  }
}
