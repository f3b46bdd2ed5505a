package dev.jobs4j.core.internal.schedule;

import dev.jobs4j.api.event.JobEvent.DropReason;
import dev.jobs4j.spi.SchedulePosition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look has decided.
 *
 * @param firings those that start now, the oldest first
 * @param then where the recurring job then stands
 * @param ifHeld where it stands instead if its key keeps the run out; null for {@code then}
 * @param drops the firings that will never start
 */
record Step(
    List<Instant> firings,
    SchedulePosition then,
    @Nullable SchedulePosition ifHeld,
    List<Drop> drops) {

  /**
   * Firings that will never start.
   *
   * @param first the first of them
   */
  record Drop(Instant first, DropReason reason) {}
}
