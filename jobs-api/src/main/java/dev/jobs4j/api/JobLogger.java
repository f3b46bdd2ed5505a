package dev.jobs4j.api;

import org.jspecify.annotations.Nullable;

/**
 * Writes into the log of a job, as a logger of SLF4J does: each {@code {}} of the format is
 * replaced by the next argument, and an exception behind the last of them is named. Thread-safe;
 * never throws and never waits for the store.
 */
public interface JobLogger {

  /** Says what was done. */
  void info(String format, @Nullable Object... arguments);

  /** Says what was odd and went on. */
  void warn(String format, @Nullable Object... arguments);

  /** Says what went wrong. */
  void error(String format, @Nullable Object... arguments);
}
