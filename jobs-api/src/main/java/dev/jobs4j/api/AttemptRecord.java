package dev.jobs4j.api;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One failed attempt of a job, as kept in its history.
 *
 * @param attempt its number, from 1
 * @param token its fencing token
 * @param endedAt when it was settled, by the store's clock
 * @param error what went wrong; null for a crash, of which nothing is known
 */
public record AttemptRecord(int attempt, long token, Instant endedAt, @Nullable Failure error) {

  /** What went wrong; empty for a crash. */
  public Optional<Failure> failure() {
    return Optional.ofNullable(error);
  }
}
