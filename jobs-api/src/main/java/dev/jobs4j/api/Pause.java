package dev.jobs4j.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that starts no more jobs until it is resumed; what runs goes on. Immutable.
 *
 * @param target what stands still
 * @param by who paused it, and why
 * @param since when it was paused, by the store's clock
 * @param end when it goes on by itself by the store's clock, to the microsecond; null for when
 *     somebody resumes it
 */
public record Pause(Target target, Operator by, Instant since, @Nullable Instant end) {

  /** The order of lists: by scope, then by name. */
  public static final Comparator<Pause> BY_TARGET =
      Comparator.comparing((Pause pause) -> pause.target().scope())
          .thenComparing(pause -> pause.target().name());

  /** Cuts the end to microseconds. */
  public Pause {
    end = end == null ? null : end.truncatedTo(ChronoUnit.MICROS);
  }

  /** When it goes on by itself, if it does. */
  public Optional<Instant> until() {
    return Optional.ofNullable(end);
  }

  /** What kind of thing is paused. */
  public enum Scope {
    /** All engines of this name, see {@code EngineOptions.name}. */
    NODE,
    /** All jobs of a queue. */
    QUEUE,
    /** All jobs of a type, in every queue. */
    TYPE,
    /** All jobs of a tenant, in every queue. */
    TENANT
  }

  /**
   * What is or can be paused; whether there is such a thing is not asked.
   *
   * @param name of the node, queue, type or tenant; 1 to {@value #MAX_NAME} characters
   */
  public record Target(Scope scope, String name) {

    /** The longest name, in characters. */
    public static final int MAX_NAME = 200;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /**
     * Checks the name.
     *
     * @throws InvalidJobException if it is too long or blank, or cannot be that of a queue
     */
    public Target {
      if (name.isBlank() || name.length() > MAX_NAME || name.indexOf('\0') >= 0) {
        throw new InvalidJobException(
            "name of the "
                + scope
                + " to pause must have 1 to "
                + MAX_NAME
                + " characters, had "
                + name.length());
      }
      if (scope == Scope.QUEUE) {
        JobQueue.of(name);
      }
    }

    /** As {@code QUEUE mail}, on one line whatever the name. */
    @Override
    public String toString() {
      return scope + " " + CONTROL.matcher(name).replaceAll("?");
    }
  }

  /** All engines of this name; see {@code EngineOptions.name}. */
  public static Target node(String name) {
    return new Target(Scope.NODE, name);
  }

  /** A queue. */
  public static Target queue(String name) {
    return new Target(Scope.QUEUE, name);
  }

  /** A job type, in every queue. */
  public static Target type(String name) {
    return new Target(Scope.TYPE, name);
  }

  /** A tenant, in every queue. */
  public static Target tenant(String name) {
    return new Target(Scope.TENANT, name);
  }
}
