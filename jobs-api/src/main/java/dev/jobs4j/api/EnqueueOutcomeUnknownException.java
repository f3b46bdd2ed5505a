package dev.jobs4j.api;

import java.util.List;

/**
 * The connection broke while the jobs were being stored, and it could not be found out whether they
 * were. Enqueue them again under the same {@linkplain #ids() ids} ({@link JobRequest#id}): a store
 * returns what is there already as {@link Enqueued.Existing}; a broker may then run a job twice.
 */
public class EnqueueOutcomeUnknownException extends JobException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // an unmodifiable list of records
  private final List<JobId> ids;

  /** Unknown for these ids because of {@code cause}. */
  public EnqueueOutcomeUnknownException(List<JobId> ids, Throwable cause) {
    super("Enqueue outcome unknown, enqueue again with the same ids: ids=" + ids, cause);
    this.ids = List.copyOf(ids);
  }

  /** The ids under which the jobs may or may not be stored. */
  public List<JobId> ids() {
    return ids;
  }
}
