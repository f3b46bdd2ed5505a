package dev.jobs4j.spi;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.Pauses;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps jobs from enqueue to their end and gives each due job to one live engine at a time.
 *
 * <p>Thread-safe. A call returns after its effect is durable, or throws {@link StoreException}. The
 * store's clock alone decides what is due and what has expired; callers pass durations and instants
 * that users gave, never "now". Each decision is taken inside the statement that writes it, never
 * from an earlier read.
 *
 * <p>An engine holds one lease for all its jobs ({@link #register}, {@link #renew}); a job names
 * its engine and carries the token of its claim. The token is the authority: whatever carries an
 * older one changes nothing.
 */
public interface JobStore extends AutoCloseable {

  /** What it can do; see {@link Capability}. */
  Set<Capability> capabilities();

  /**
   * Stores jobs in a transaction of its own, all or none; answers in their order. A job whose id
   * ({@link NewJob#mayExist}) or unique key is taken is not stored again; what becomes of the
   * holder of the key is said at {@link dev.jobs4j.api.UniqueKey.OnConflict}. A parent may stand
   * earlier in the same list; parents that have succeeded are not waited for.
   *
   * @throws dev.jobs4j.api.InvalidJobException if a parent is unknown, or a payload is too large
   *     for the store; nothing was stored
   */
  default List<Enqueued> insert(List<NewJob> jobs) {
    return insert(jobs, Durability.DEFAULT);
  }

  /**
   * The same, with a say in how much must have happened before it returns; one that is not among
   * its capabilities is never asked for.
   */
  List<Enqueued> insert(List<NewJob> jobs, Durability durability);

  /**
   * The same in the caller's transaction: visible to workers if and only if that commits. Never
   * commits, rolls back, closes or repeats anything.
   *
   * @throws dev.jobs4j.api.InvalidJobException if the transaction is not one of this store's kind
   */
  List<Enqueued> insert(List<NewJob> jobs, JobTransaction transaction);

  /**
   * Makes an engine LIVE from now on. An id is used once.
   *
   * @throws dev.jobs4j.api.JobException if an engine of this id is known, alive or fenced
   */
  void register(EngineInfo engine);

  /**
   * Extends an engine's lease by its duration.
   *
   * @return what the store has to tell it; empty if the engine is fenced or unknown, for ever
   */
  Optional<Mailbox> renew(EngineId engine);

  /**
   * Ends an engine that leaves in order: fences it and takes what it still holds back under a
   * higher token, without counting a crash or an attempt. Does nothing if the engine is unknown.
   */
  void retire(EngineId engine);

  /**
   * Gives out due jobs: the most urgent first, then the longest due. Each gets a new token, one
   * higher than ever before, and starts its next attempt. Gives nothing unless the engine is LIVE
   * when the claim takes effect. Skips what is paused when the claim begins, jobs that wait, jobs
   * that have expired, and rows that others are claiming. A job that counts against limits takes a
   * permit of each or none: a running job under its token holds them until it is settled or taken
   * back.
   */
  List<LeasedJob> claim(ClaimRequest request);

  /**
   * In how long a limit may let more jobs of this queue start, if one keeps due jobs waiting for a
   * rate; as far as claims through this store have met them; zero if it does so by now. A hint, so
   * that nobody need wait for the next poll.
   */
  default Optional<Duration> opensIn(JobQueue queue) {
    return Optional.empty();
  }

  /**
   * Whether a claim through this store has met a limit: from then on the end of a job may let
   * others start. A hint too.
   */
  default boolean hasMetLimits() {
    return false;
  }

  /** What a claim whose reply was lost gave out and the engine still holds; resolves UNKNOWN. */
  List<LeasedJob> claimed(EngineId engine, UUID claimId);

  /** Every lease that this engine holds by the store's books, in any order. */
  Set<TokenLease> held(EngineId engine);

  /**
   * Applies each outcome whose job is running under exactly its token, moves what has ended out of
   * the way of claims, frees keys, lets go or cancels what waited (see {@link WaitRule}), and
   * stores the jobs that follow a success, all in one transaction. A job that someone asked to end
   * and that would wait again ends as CANCELLED. A settlement that cannot be applied does not stop
   * the others.
   *
   * @return the leases that were lost: their outcomes changed nothing at all
   */
  Set<TokenLease> settle(List<Settlement> settlements);

  /**
   * Of these leases, those that were settled by their holder: resolves a {@link #settle} whose
   * outcome is UNKNOWN. A job that was taken back carries a higher token and is not among them.
   */
  Set<TokenLease> settled(Collection<TokenLease> leases);

  /**
   * Takes jobs back from engines whose lease has expired: fences each irrevocably, then returns its
   * jobs under a higher token, with the attempt given back, as suspects; a suspect counts a crash
   * and becomes a dead letter after too many. An engine's entry goes once nothing names it.
   */
  Reaped reap(ReapRequest request);

  /**
   * Makes dead letters of pending jobs that should have started by now, waiting ones included, at
   * most {@code limit}; returns them.
   */
  List<JobId> expire(int limit);

  /**
   * Deletes what is kept no longer: jobs that have ended, with all that is known of them, failed
   * attempts, what operators did, pauses that are over, and expired keys. A job that waits for one
   * that is deleted before it succeeded is cancelled: it would wait for ever. Attempts may take
   * several calls to be met.
   *
   * <p>Jobs are given to the archive of the request first. What that throws comes out as it is, and
   * the jobs it was given stay. Two engines never archive the same job at once, unless the store
   * says otherwise.
   *
   * @return how many rows went
   */
  int prune(PruneRequest request);

  /** What starts no jobs for now; empty without {@link Capability#PAUSE}. */
  default Optional<Pauses> pauses() {
    return Optional.empty();
  }

  /** Its limits; empty without {@link Capability#LIMITS}. */
  default Optional<JobLimits> limits() {
    return Optional.empty();
  }

  /**
   * The same store, seen so that its calls of {@link #settle}, {@link #reap} and {@link #expire}
   * also store what {@code rule} says of each dead letter that they make, in the same transaction.
   * What {@link #insert} would refuse is left out; the letter is made all the same. Closing either
   * closes both. Only asked for by those who have seen {@link Capability#FOLLOW_UP}.
   *
   * @throws UnsupportedOperationException if it stores nothing with a dead letter
   */
  default JobStore following(LetterRule rule) {
    throw new UnsupportedOperationException(
        getClass().getName() + " stores nothing with a dead letter");
  }

  /** What people and tools may see and do. */
  JobRecords records();

  /**
   * Word from other processes about these queues, for one engine; the caller closes it. Empty if
   * there is none, and an engine learns from its polls alone.
   */
  default Optional<WakeUps> wakeUps(Set<JobQueue> queues) {
    return Optional.empty();
  }

  /** Where running attempts write things down; empty without {@link Capability#NOTES}. */
  default Optional<JobNotes> notes() {
    return Optional.empty();
  }

  /**
   * Its recurring jobs; only asked for by those who have seen {@link Capability#SCHEDULES}.
   *
   * @throws UnsupportedOperationException if it keeps none
   */
  default ScheduleStore schedules() {
    throw new UnsupportedOperationException(getClass().getName() + " keeps no recurring jobs");
  }

  /** Gives up what the store itself opened; a data source of the caller stays open. Idempotent. */
  @Override
  void close();
}
