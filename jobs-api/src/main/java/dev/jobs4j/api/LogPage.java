package dev.jobs4j.api;

import java.util.List;

/**
 * A part of a job's log.
 *
 * @param lines the lines, the oldest first
 * @param dropped how many lines the whole log has lost, because it may not have more
 */
public record LogPage(List<LogLine> lines, long dropped) {

  /** The log of a job that has written none. */
  public static final LogPage EMPTY = new LogPage(List.of(), 0);

  /** Copies the list. */
  public LogPage {
    lines = List.copyOf(lines);
  }
}
