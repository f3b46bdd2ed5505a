package dev.jobs4j.api;

/** Thrown by {@link JobContext#throwIfCancelled()}: the attempt is asked to end. */
public class JobCancelledException extends JobException {
  private static final long serialVersionUID = 1L;

  /** The job {@code id} is asked to end. */
  public JobCancelledException(JobId id) {
    super("Job is asked to end: job=" + id);
  }
}
