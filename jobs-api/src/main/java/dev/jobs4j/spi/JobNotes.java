package dev.jobs4j.spi;

import dev.jobs4j.api.JobId;
import java.util.Optional;

/**
 * What running attempts write down so that it outlives them. Notes belong to their job: they stay
 * through retries, crashes and a requeue, and go when the job is deleted, pruned or given another
 * content. Thread-safe.
 */
public interface JobNotes {

  /** The step of this name that the job has done, whichever attempt did it. */
  Optional<KeptStep> step(JobId job, String name);

  /**
   * Keeps a step, if the job is running under exactly this token when the write takes effect. A
   * step that is kept already stays as it is, so a call whose outcome is UNKNOWN may be repeated.
   *
   * @return whether the lease is held; if not, nothing was written
   * @throws dev.jobs4j.api.InvalidJobException if the value is too large for the store
   * @throws StoreException if the store failed
   */
  boolean keep(TokenLease lease, KeptStep step);
}
