package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.JobQueue;

/**
 * Which dead letters a handler is for: those of a type, of a queue, or all.
 *
 * @param jobType the name under which its runs are stored
 */
public record LetterScope(String jobType) {

  private static final String ALL = "dead-letter";
  private static final String OF_TYPE = ALL + ":";
  private static final String IN_QUEUE = ALL + "-in:";

  /** Those of a type. */
  public static LetterScope ofType(String type) {
    return new LetterScope(OF_TYPE + type);
  }

  /** Those of a queue. */
  public static LetterScope inQueue(JobQueue queue) {
    return new LetterScope(IN_QUEUE + queue);
  }

  /** All. */
  public static LetterScope all() {
    return new LetterScope(ALL);
  }

  /** The type whose letters these are, or empty text. */
  public String type() {
    return behind(OF_TYPE);
  }

  /** The queue whose letters these are, or empty text. */
  public String queue() {
    return behind(IN_QUEUE);
  }

  private String behind(String prefix) {
    return jobType.startsWith(prefix) ? jobType.substring(prefix.length()) : "";
  }
}
