package dev.jobs4j.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of one recurring job, to be taken whole or not at all.
 *
 * @param name which one
 * @param revision the revision on which it was decided
 * @param jobs what it enqueues, in order; empty if it only moves on
 * @param then where it then stands
 * @param ifHeld where it stands instead if a unique key keeps the last of the jobs out; null for
 *     {@code then}
 */
public record ScheduleFiring(
    String name,
    long revision,
    List<NewJob> jobs,
    SchedulePosition then,
    @Nullable SchedulePosition ifHeld) {
  /** Copies the list. */
  public ScheduleFiring {
    jobs = List.copyOf(jobs);
  }
}
