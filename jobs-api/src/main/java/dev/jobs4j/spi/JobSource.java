package dev.jobs4j.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where one engine gets its jobs from and gives their outcomes back to. Made by a {@link
 * JobTransport}, or by the engine around a {@link JobStore}.
 *
 * <p>{@link #turn} and {@link #close} are called by one thread, the source's own, so a client that
 * is bound to a thread (a Kafka consumer, an AMQP channel) lives there. {@link #settle} and {@link
 * #wake} are called by any thread.
 */
public interface JobSource extends AutoCloseable {

  /**
   * Takes a turn: keeps the membership alive, applies what was settled, and returns jobs, at most
   * as many as are wanted of each queue. Called over and over, also when nothing is wanted. Where
   * there is nothing to give it waits inside, at most {@code patience}, until {@link #wake}; with
   * zero it does not wait.
   *
   * @throws StoreException if the backend failed; the engine backs off and calls again
   * @throws InterruptedException if the thread was interrupted while waiting
   */
  List<LeasedJob> turn(Demand demand, Duration patience) throws InterruptedException;

  /** Ends a waiting turn early: demand has changed, or there may be something to give. */
  void wake();

  /**
   * Gives outcomes back. When it returns, each outcome whose lease is still held is durable or
   * queued for the next turn in a way that a crash before then makes the job run again; a retry or
   * a dead letter is durable elsewhere before its delivery is given up. Whoever calls repeats the
   * same settlements after an exception until it returns.
   *
   * @return the leases that were lost: their outcomes changed nothing
   * @throws StoreException if nothing or not everything could be settled
   */
  Set<Lease> settle(List<Settlement> settlements);

  /**
   * Where the attempts of its jobs write things down, under leases that are {@link TokenLease}s;
   * empty if its backend keeps nothing of that kind.
   */
  default Optional<JobNotes> notes() {
    return Optional.empty();
  }

  /** What its backend can tell of single jobs; empty if it can tell nothing. */
  default Optional<JobRecords> records() {
    return Optional.empty();
  }

  /** Leaves the backend in order: settles what is queued, gives up the membership. Idempotent. */
  @Override
  void close();
}
