package dev.jobs4j.api;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs may run at once, or start in a time, over all nodes of a store. A job names the
 * limit and a key of its own ({@link JobRequest#limit}); each key has its own permits, so {@code
 * carrier} with 4 at once lets four jobs for one carrier run beside four for another.
 *
 * @param name 1 to 60 of {@code a-z A-Z 0-9 . _ -}
 * @param running at most so many leases at once for a key, ≥ 1; null for as many as come
 * @param rate how fast the jobs of a key may start; null for as fast as they come
 */
public record JobLimit(String name, @Nullable Integer running, @Nullable Rate rate) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,60}");

  /** Checks both. */
  public JobLimit {
    checkName(name);
    if (running != null && running < 1) {
      throw new InvalidJobException(
          "running of limit \"" + name + "\" must be >= 1, was " + running);
    }
  }

  /** Lets at most so many jobs of a key run at once. */
  public static JobLimit running(String name, int most) {
    return new JobLimit(name, most, null);
  }

  /** Lets so many jobs of a key start in each {@code per}, see {@link Rate}. */
  public static JobLimit rate(String name, int starts, Duration per) {
    return new JobLimit(name, null, Rate.of(starts, per));
  }

  /** The same, and at most so many at once. */
  public JobLimit running(int most) {
    return new JobLimit(name, most, rate);
  }

  /** The same, and so many starts in each {@code per}. */
  public JobLimit rate(int starts, Duration per) {
    return new JobLimit(name, running, Rate.of(starts, per));
  }

  /** The same, with a rate that lets so many start at once after a rest. */
  public JobLimit burst(int starts) {
    if (rate == null) {
      throw new InvalidJobException("burst of limit \"" + name + "\" needs a rate");
    }
    return new JobLimit(name, running, new Rate(rate.starts(), rate.per(), starts));
  }

  static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidJobException(
          "name of a limit must have 1 to 60 of a-z A-Z 0-9 . _ -, was \"" + name + "\"");
    }
  }

  /**
   * A steady rate: in any time {@code t} at most {@code burst + starts * t / per} jobs start. An
   * attempt after a failure is a start like any other.
   *
   * @param starts how many in each {@code per}, ≥ 1
   * @param per at most 366 days; one start must have at least 10 µs of it
   * @param burst how many may start at once after a rest, ≥ 1 and at most what comes in 100 years
   */
  public record Rate(int starts, Duration per, int burst) {

    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Duration MOST = Duration.ofDays(36_525);

    /** Checks all. */
    public Rate {
      if (starts < 1) {
        throw new InvalidJobException("starts of a rate must be >= 1, was " + starts);
      }
      if (per.compareTo(LONGEST) > 0
          || per.dividedBy(starts).compareTo(Duration.ofNanos(10_000)) < 0) {
        throw new InvalidJobException(
            "per of a rate must be at most "
                + LONGEST
                + " and at least 10 microseconds for each start, was "
                + per
                + " for "
                + starts);
      }
      if (burst < 1 || burst > MOST.dividedBy(per.dividedBy(starts))) {
        throw new InvalidJobException(
            "burst of a rate must be >= 1 and at most what comes in 100 years, was " + burst);
      }
    }

    /**
     * As many may start at once as come in 200 ms, at least one: enough to make up for a claim that
     * comes late. With a burst of one each start that is late by a moment is one that is missed.
     */
    public static Rate of(int starts, Duration per) {
      double perSecond = starts / (per.toNanos() / 1e9);
      return new Rate(starts, per, (int) Math.max(1, Math.min(starts, perSecond / 5)));
    }

    /** The time that one start takes up. */
    public Duration interval() {
      return per.dividedBy(starts);
    }
  }
}
