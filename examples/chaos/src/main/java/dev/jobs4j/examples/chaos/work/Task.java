package dev.jobs4j.examples.chaos.work;

/**
 * The payload of every job.
 *
 * @param name the job's own name, under which all ledgers know it
 * @param group its unique key, its line or the key of its limit; empty for other kinds
 */
public record Task(String name, String group) {

  /** What the name of a job that follows another ends with. */
  public static final String NEXT = "/next";

  /** The job that follows this one. */
  Task next() {
    return new Task(name + NEXT, "");
  }
}
