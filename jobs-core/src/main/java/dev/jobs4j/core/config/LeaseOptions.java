package dev.jobs4j.core.config;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;

/**
 * The lease that an engine holds on all its jobs, and how dead engines are dealt with. A crashed
 * engine's jobs start again within {@code duration + grace} and a moment, or up to {@code
 * reapInterval} later if nobody had looked at that lease before.
 *
 * @param duration how long the engine counts as alive after a renewal, ≥ 1 s; it renews three times
 *     as often
 * @param margin how much earlier than the store the engine itself gives its lease up for lost
 * @param grace how long an expired lease is left alone
 * @param reapInterval how often dead engines are looked for at least; a lease whose end is known is
 *     looked at then
 * @param maxCrashes how many crashes of its own a job is allowed before it is a dead letter
 */
public record LeaseOptions(
    Duration duration, Duration margin, Duration grace, Duration reapInterval, int maxCrashes) {

  /** Checks the ranges; an error names the setting. */
  public LeaseOptions {
    if (duration.toMillis() < 1000) {
      throw new InvalidJobException("lease duration must be >= 1 s, was " + duration);
    }
    Durations.requirePositive("lease duration", duration);
    Durations.requireNotNegative("lease margin", margin);
    if (margin.multipliedBy(2).compareTo(duration) > 0) {
      throw new InvalidJobException(
          "lease margin " + margin + " must be at most half of the duration " + duration);
    }
    Durations.requireNotNegative("lease grace", grace);
    Durations.requirePositive("reapInterval", reapInterval);
    if (maxCrashes < 0) {
      throw new InvalidJobException("maxCrashes must be >= 0, was " + maxCrashes);
    }
  }

  /** 30 s, a margin of 1 s, 2 s of grace, a look every 5 s, 3 crashes. */
  public static LeaseOptions defaults() {
    return of(Duration.ofSeconds(30));
  }

  /** The defaults with another duration; the margin shrinks with a short one. */
  public static LeaseOptions of(Duration duration) {
    Duration margin = duration.dividedBy(5);
    return new LeaseOptions(
        duration,
        margin.compareTo(Duration.ofSeconds(1)) > 0 ? Duration.ofSeconds(1) : margin,
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        3);
  }

  /** The same with another interval between looks for dead engines. */
  public LeaseOptions withReapInterval(Duration value) {
    return new LeaseOptions(duration, margin, grace, value, maxCrashes);
  }

  /** The same with another grace. */
  public LeaseOptions withGrace(Duration value) {
    return new LeaseOptions(duration, margin, value, reapInterval, maxCrashes);
  }

  /** The same with another cap on crashes. */
  public LeaseOptions withMaxCrashes(int value) {
    return new LeaseOptions(duration, margin, grace, reapInterval, value);
  }

  /** How often the engine renews: a third of the duration. */
  public Duration renewInterval() {
    return duration.dividedBy(3);
  }
}
