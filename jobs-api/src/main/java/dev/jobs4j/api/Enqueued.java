package dev.jobs4j.api;

/** What became of an enqueue: a new job, or one that was there. */
public sealed interface Enqueued {

  /** The job's id. */
  JobId id();

  /** The job was stored under this id. */
  record Created(JobId id) implements Enqueued {}

  /**
   * No job was added: this one has the id or holds the unique key.
   *
   * @param id the job that was there
   * @param replaced whether it has the new payload now; else nothing was changed
   */
  record Existing(JobId id, boolean replaced) implements Enqueued {
    /** Nothing was changed. */
    public Existing(JobId id) {
      this(id, false);
    }
  }
}
