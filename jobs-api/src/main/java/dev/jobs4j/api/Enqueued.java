package dev.jobs4j.api;

/** What became of an enqueue: a new job, or one that was there. */
public sealed interface Enqueued {

  /** The job's id. */
  JobId id();

  /** The job was stored under this id. */
  record Created(JobId id) implements Enqueued {}

  /** Nothing was stored: this job has the id or holds the unique key. */
  record Existing(JobId id) implements Enqueued {}
}
