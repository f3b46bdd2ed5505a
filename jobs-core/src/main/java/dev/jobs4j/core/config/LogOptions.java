package dev.jobs4j.core.config;

import dev.jobs4j.api.InvalidJobException;

/**
 * How much of what handlers write with {@code context.log()} is kept with their jobs.
 *
 * @param maxLines how many lines of a job are kept, ≥ 1; of more the newest stay
 * @param maxLength how many characters of a line are kept, ≥ 20
 */
public record LogOptions(int maxLines, int maxLength) {

  /** Checks the ranges; an error names the setting. */
  public LogOptions {
    if (maxLines < 1) {
      throw new InvalidJobException("log maxLines must be >= 1, was " + maxLines);
    }
    if (maxLength < 20) {
      throw new InvalidJobException("log maxLength must be >= 20, was " + maxLength);
    }
  }

  /** 1,000 lines of 2,000 characters. */
  public static LogOptions defaults() {
    return new LogOptions(1_000, 2_000);
  }

  /** The same with so many lines of a job. */
  public LogOptions withMaxLines(int value) {
    return new LogOptions(value, maxLength);
  }

  /** The same with so many characters of a line. */
  public LogOptions withMaxLength(int value) {
    return new LogOptions(maxLines, value);
  }
}
