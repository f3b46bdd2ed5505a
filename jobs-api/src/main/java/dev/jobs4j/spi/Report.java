package dev.jobs4j.spi;

import dev.jobs4j.api.LogLine.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a running attempt has to say to people since its last report.
 *
 * @param lease the claim that it runs under
 * @param progress how far it has come, or null if that has not changed
 * @param lines what it has written into the job's log, in ascending order of their numbers
 */
public record Report(TokenLease lease, @Nullable Standing progress, List<Line> lines) {

  /** Copies the list. */
  public Report {
    lines = List.copyOf(lines);
  }

  /**
   * How far it has come.
   *
   * @param ago how long ago it said so
   */
  public record Standing(long done, long total, String message, Duration ago) {}

  /**
   * A line of the log.
   *
   * @param number its place among the lines of this attempt, from 1; a gap stands for lines that
   *     are given up
   * @param ago how long ago it was written
   */
  public record Line(int number, Level level, Duration ago, String text) {}
}
