package dev.jobs4j.api;

import java.time.Instant;

/**
 * One line that an attempt has written into its job's log.
 *
 * @param number its place in the log, from 1; what is missing between two was not kept
 * @param attempt the number of the attempt that wrote it
 * @param level how much it matters
 * @param at when it was written, by the store's clock
 * @param text what it says, without control characters
 */
public record LogLine(long number, int attempt, Level level, Instant at, String text) {

  /** How much a line matters. */
  public enum Level {
    /** What was done. */
    INFO,
    /** What was odd and went on. */
    WARN,
    /** What went wrong. */
    ERROR
  }
}
