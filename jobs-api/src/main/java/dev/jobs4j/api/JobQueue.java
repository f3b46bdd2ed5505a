package dev.jobs4j.api;

import java.util.regex.Pattern;

/**
 * A named line of jobs with its own workers. On a broker it is a topic or a broker queue of that
 * name.
 *
 * @param name 1 to 120 of {@code A-Z a-z 0-9 . _ -}, starting with a letter or digit
 */
public record JobQueue(String name) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,119}");

  /** Where a job goes when nothing names a queue. */
  public static final JobQueue DEFAULT = new JobQueue("default");

  /** Checks the name. */
  public JobQueue {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidJobException(
          "queue must be 1 to 120 of A-Z a-z 0-9 . _ - and start with a letter or digit, was \""
              + name
              + "\"");
    }
  }

  /** The queue of this name. */
  public static JobQueue of(String name) {
    return new JobQueue(name);
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }
}
