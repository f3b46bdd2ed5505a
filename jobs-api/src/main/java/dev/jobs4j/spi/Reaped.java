package dev.jobs4j.spi;

import dev.jobs4j.api.JobId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link JobStore#reap} did.
 *
 * @param fenced the engines that were declared dead by this call
 * @param returned the jobs that wait again
 * @param dead the jobs that crashed too often and are now dead letters
 * @param cancelled the jobs that were asked to end and have, with their engine
 * @param more whether the limit left something for another call
 * @param nextEnd how long it takes until the first of the leases that have not ended is over, grace
 *     included, unless it is renewed: when the next look may find a dead engine; empty if no engine
 *     is live
 */
public record Reaped(
    List<EngineId> fenced,
    List<JobId> returned,
    List<JobId> dead,
    List<JobId> cancelled,
    boolean more,
    Optional<Duration> nextEnd) {

  /** Copies the lists. */
  public Reaped {
    fenced = List.copyOf(fenced);
    returned = List.copyOf(returned);
    dead = List.copyOf(dead);
    cancelled = List.copyOf(cancelled);
  }

  /** Whether there was nothing to do. */
  public boolean isEmpty() {
    return fenced.isEmpty() && returned.isEmpty() && dead.isEmpty() && cancelled.isEmpty();
  }
}
