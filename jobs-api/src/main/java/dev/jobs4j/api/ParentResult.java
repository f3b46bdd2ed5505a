package dev.jobs4j.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a job ended that another one has waited for, and what it left.
 *
 * @param job the job that was waited for
 * @param name the name of its step in the workflow, or null
 * @param state how it ended; or where it is, if it was requeued since
 * @param value what it left, or null if it left nothing or did not succeed
 * @param <T> what the value is read as
 */
public record ParentResult<T>(JobId job, @Nullable String name, JobState state, @Nullable T value) {

  /** The name of its step in the workflow, if it has one. */
  public Optional<String> step() {
    return Optional.ofNullable(name);
  }

  /** What it left, if it succeeded and left something. */
  public Optional<T> result() {
    return Optional.ofNullable(value);
  }
}
