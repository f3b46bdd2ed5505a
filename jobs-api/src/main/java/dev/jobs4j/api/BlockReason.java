package dev.jobs4j.api;

/** Why a pending job is kept out of every claim until something else happens. */
public enum BlockReason {
  /**
   * A job named in {@link JobRequest#after} has not succeeded yet, or one named in {@link
   * JobRequest#afterEnd} has not ended.
   */
  PARENTS,
  /** A job before it in its {@link JobRequest#fifo} line has not ended, or is dead and blocks. */
  FIFO,
  /** A limit named in {@link JobRequest#limit} is exhausted. */
  LIMIT
}
