package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which of the claims made through one store have jobs that have not been settled, counted in
 * memory: so their rows need not be written as each job ends. The row of a claim may go once its
 * last job is settled; one that is missed here, because a reply was lost, goes with its engine.
 * Thread-safe.
 */
final class OpenClaims {

  /** So many rows at most are deleted by one claim. */
  private static final int MOST = 1_000;

  /** A job that has run for so long is worth a write that takes it out of the way of claims. */
  private static final long LONG_NANOS = 2_000_000_000;

  /** Fewer are not: a claim passes over them in no time. */
  private static final int MANY = 100;

  private static final long LOOK_NANOS = 1_000_000_000;

  /** A claim and how many of its jobs have not been settled. */
  private record Claim(EngineId engine, UUID id, long since, AtomicInteger left) {}

  /** A job of a claim. */
  private static final class Member {
    final UUID job;
    final Claim claim;
    volatile boolean aside;

    Member(UUID job, Claim claim) {
      this.job = job;
      this.claim = claim;
    }

    boolean isLong(EngineId engine, long nanos) {
      return !aside && nanos - claim.since >= LONG_NANOS && claim.engine.equals(engine);
    }
  }

  private final Map<Lease, Member> open = new ConcurrentHashMap<>();
  private final Map<EngineId, Queue<UUID>> over = new ConcurrentHashMap<>();
  private final AtomicLong looked;

  /**
   * Knows of none.
   *
   * @param nanos the present, by the clock that the other methods are told
   */
  OpenClaims(long nanos) {
    looked = new AtomicLong(nanos);
  }

  /** A claim gave out these jobs. */
  void opened(EngineId engine, UUID claim, Collection<LeasedJob> jobs, long nanos) {
    Claim opened = new Claim(engine, claim, nanos, new AtomicInteger(jobs.size()));
    jobs.forEach(job -> open.put(job.lease(), new Member(job.id().value(), opened)));
  }

  /** By the store's books, the job does not run under this lease any more. */
  void ended(Lease lease) {
    Member member = open.remove(lease);
    if (member != null && member.claim.left.decrementAndGet() == 0) {
      over(member.claim.engine).add(member.claim.id);
    }
  }

  private Queue<UUID> over(EngineId engine) {
    return over.computeIfAbsent(engine, none -> new ConcurrentLinkedQueue<>());
  }

  /** Takes claims of which no job runs any more, to be deleted. */
  List<UUID> takeOver(EngineId engine) {
    Queue<UUID> all = over.get(engine);
    if (all == null) {
      return List.of();
    }
    List<UUID> taken = new ArrayList<>();
    for (UUID next = all.poll(); next != null; next = all.poll()) {
      taken.add(next);
      if (taken.size() == MOST) {
        break;
      }
    }
    return taken;
  }

  /** They could not be deleted. */
  void putBack(EngineId engine, List<UUID> claims) {
    if (!claims.isEmpty()) {
      over(engine).addAll(claims);
    }
  }

  /**
   * Jobs that have run for long and have not been told before, if there are many; looks once a
   * second.
   */
  List<UUID> takeLong(EngineId engine, long nanos) {
    long before = looked.get();
    if (nanos - before < LOOK_NANOS || !looked.compareAndSet(before, nanos)) {
      return List.of();
    }
    List<Member> found =
        open.values().stream().filter(member -> member.isLong(engine, nanos)).toList();
    if (found.size() < MANY) {
      return List.of();
    }
    found.forEach(member -> member.aside = true);
    return found.stream().map(member -> member.job).sorted().toList();
  }

  /** An engine claims no more. */
  void forget(EngineId engine) {
    open.values().removeIf(member -> member.claim.engine.equals(engine));
    over.remove(engine);
  }
}
