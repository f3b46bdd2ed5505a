package dev.jobs4j.spi;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far a recurring job has come. Times are cut to microseconds.
 *
 * @param nextFiring its next firing; null if there is none any more, or none is known yet because
 *     it follows the end of a run
 * @param lookAt when an engine has to look at it next; null for never
 * @param waiting the firing that waits for a run to end, or null
 * @param lastFiring the last firing that was answered by a run, or null
 */
public record SchedulePosition(
    @Nullable Instant nextFiring,
    @Nullable Instant lookAt,
    @Nullable Instant waiting,
    @Nullable Instant lastFiring) {

  /** Cuts the times. */
  public SchedulePosition {
    nextFiring = cut(nextFiring);
    lookAt = cut(lookAt);
    waiting = cut(waiting);
    lastFiring = cut(lastFiring);
  }

  /** That of a recurring job which has not fired; {@code next} may be null for never. */
  public static SchedulePosition before(@Nullable Instant next, @Nullable Instant lastFiring) {
    return new SchedulePosition(next, next, null, lastFiring);
  }

  private static @Nullable Instant cut(@Nullable Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.MICROS);
  }
}
