package dev.jobs4j.examples.chaos.nemesis;

import java.time.Duration;

/**
 * How much is broken in a run, and how many jobs it has.
 *
 * @param rounds the run's length; in each round one worker is spared, so that there is always one
 *     who can take over
 */
public record Size(
    int rounds, int jobs, int kills, int freezes, int partitions, int cuts, int databaseKills) {

  /** How long a round is meant to take. */
  public static final Duration ROUND = Duration.ofSeconds(34);

  /** Rounds of the smoke run. */
  private static final int SMOKE = 7;

  private static final int NIGHTLY = 105;

  /** What CI runs. */
  public static Size smoke() {
    return new Size(SMOKE, 20_000, 20, 10, 10, 50, 2);
  }

  /** What is left to the night. */
  public static Size nightly() {
    return new Size(NIGHTLY, 500_000, 300, 150, 150, 1_000, 40);
  }

  /** Like the smoke run, about so long; for a first look. */
  public static Size minutes(int minutes) {
    if (minutes < 1) {
      throw new IllegalArgumentException("--minutes must be >= 1, was " + minutes);
    }
    int rounds = (int) Math.max(1, Duration.ofMinutes(minutes).dividedBy(ROUND));
    Size all = smoke();
    return new Size(
        rounds,
        share(all.jobs, rounds),
        share(all.kills, rounds),
        share(all.freezes, rounds),
        share(all.partitions, rounds),
        share(all.cuts, rounds),
        share(all.databaseKills, rounds));
  }

  private static int share(int of, int rounds) {
    return Math.max(1, of * rounds / SMOKE);
  }

  /** How long it is meant to take. */
  public Duration length() {
    return ROUND.multipliedBy(rounds);
  }
}
