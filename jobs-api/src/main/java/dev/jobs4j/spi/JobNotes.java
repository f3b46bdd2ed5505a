package dev.jobs4j.spi;

import dev.jobs4j.api.JobId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What running attempts write down so that it outlives them. Notes belong to their job: they stay
 * through retries, crashes and a requeue, and go when the job is deleted, pruned or given another
 * content. Of a dead letter whose payload is edited the steps alone go. Thread-safe.
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

  /**
   * Writes down what attempts say, each if its job is running under exactly its token when the
   * write takes effect. The last progress stays. The lines follow those that the log has, under
   * numbers that grow with every line of the job; of the log the newest {@code keep} lines stay. A
   * line whose number its attempt has written already is not written again, so a call whose outcome
   * is UNKNOWN may be repeated.
   *
   * @param keep how many lines of a job are kept, at least 1
   * @param patient whether to wait for jobs that others hold a lock on at the moment; if not, they
   *     may be passed over
   * @return the leases whose reports were written: of the others nothing was
   * @throws StoreException if the store failed
   */
  Set<TokenLease> report(List<Report> reports, int keep, boolean patient);
}
