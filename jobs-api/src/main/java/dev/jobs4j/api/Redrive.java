package dev.jobs4j.api;

import java.time.Duration;

/**
 * How many dead letters run again, and how fast. Immutable: each method returns a changed copy.
 *
 * @param limit the most letters of one call, at least 1
 * @param gap how long after one letter the next becomes due; zero makes all due at once
 * @param dryRun whether to tell what would be done and do nothing
 */
public record Redrive(int limit, Duration gap, boolean dryRun) {

  private static final int DEFAULT_LIMIT = 1_000;

  /** Checks the limit and the gap. */
  public Redrive {
    if (limit < 1) {
      throw new InvalidJobException("limit of a redrive must be >= 1, was " + limit);
    }
    if (gap.isNegative()) {
      throw new InvalidJobException("gap of a redrive must be >= 0, was " + gap);
    }
  }

  /** At most 1,000 letters, all at once. */
  public static Redrive atOnce() {
    return new Redrive(DEFAULT_LIMIT, Duration.ZERO, false);
  }

  /**
   * At most 1,000 letters, so many in a second, at least 1 and at most a million: the i-th becomes
   * due i/n seconds from now. Nothing has to go on running for that.
   */
  public static Redrive perSecond(int letters) {
    if (letters < 1 || letters > 1_000_000) {
      throw new InvalidJobException("perSecond must be 1 to 1000000, was " + letters);
    }
    return new Redrive(DEFAULT_LIMIT, Duration.ofSeconds(1).dividedBy(letters), false);
  }

  /** Takes at most so many letters. */
  public Redrive limit(int letters) {
    return new Redrive(letters, gap, dryRun);
  }

  /** Only tells what would be done. */
  public Redrive asDryRun() {
    return new Redrive(limit, gap, true);
  }
}
