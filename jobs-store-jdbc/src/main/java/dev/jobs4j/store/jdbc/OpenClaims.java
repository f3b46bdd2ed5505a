package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

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
  private static final int MANY = 20;

  /** A claim and how many of its jobs have not been settled. */
  private record Claim(EngineId engine, UUID id, long since, AtomicInteger left) {}

  /** A job of a claim. */
  static final class Member {
    private final UUID job;
    private final Claim claim;
    private volatile boolean aside;

    private Member(UUID job, Claim claim) {
      this.job = job;
      this.claim = claim;
    }

    UUID job() {
      return job;
    }

    /** It is out of the way of claims. */
    void setAside() {
      aside = true;
    }

    private boolean isLong(long nanos) {
      return !aside && nanos - claim.since >= LONG_NANOS;
    }
  }

  private final Map<Lease, Member> open = new ConcurrentHashMap<>();
  private final Map<EngineId, Queue<UUID>> over = new ConcurrentHashMap<>();

  /** Engines that claim no more: a reply that was long under way must not be kept for ever. */
  private final Set<EngineId> left = ConcurrentHashMap.newKeySet();

  /** A claim gave out these jobs. */
  void opened(EngineId engine, UUID claim, Collection<LeasedJob> jobs, long nanos) {
    Claim opened = new Claim(engine, claim, nanos, new AtomicInteger(jobs.size()));
    jobs.forEach(job -> open.put(job.lease(), new Member(job.id().value(), opened)));
    if (left.contains(engine)) {
      forget(engine);
    }
  }

  /** By the store's books, the job does not run under this lease any more. */
  void ended(Lease lease) {
    Member member = open.remove(lease);
    if (member != null && member.claim.left.decrementAndGet() == 0) {
      putBack(member.claim.engine, List.of(member.claim.id));
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
    if (left.contains(engine)) {
      over.remove(engine);
    }
  }

  /**
   * Jobs that have run for long and are not set aside, by engine and in order of id, where there
   * are many of them.
   */
  Map<EngineId, List<Member>> longRunning(long nanos) {
    Map<EngineId, List<Member>> found = new HashMap<>();
    for (Member member : open.values()) {
      if (member.isLong(nanos)) {
        found.computeIfAbsent(member.claim.engine, none -> new ArrayList<>()).add(member);
      }
    }
    found.values().removeIf(members -> members.size() < MANY);
    found.values().forEach(members -> members.sort(Comparator.comparing(Member::job)));
    return found;
  }

  /** An engine claims no more. */
  void forget(EngineId engine) {
    left.add(engine);
    open.values().removeIf(member -> member.claim.engine.equals(engine));
    over.remove(engine);
  }
}
