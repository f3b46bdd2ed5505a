package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.config.FairShare;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.FairTurn;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.SourceListener;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a source of a store: claims for all queues on the poller's thread, and keeps the engine's
 * side of the lease protocol. No orphans while the engine lives: a claim whose reply was lost is
 * resolved before the next one, and now and then what the store's books say this engine holds is
 * compared with what it does hold, and the difference given back by token.
 */
final class StoreSource implements JobSource {

  private static final Logger log = LoggerFactory.getLogger(StoreSource.class);

  /** Longer delays are met by a poll soon enough. */
  private static final Duration LONGEST_DELAY = Duration.ofHours(1);

  private static final Duration FIRST_REST = Duration.ofMillis(2);

  /** So many are claimed at once to be at hand; larger claims are not cheaper. */
  private static final int MOST_AHEAD = 1_000;

  private final JobStore store;
  private final EngineLease lease;
  private final LeaseOptions options;
  private final List<JobQueue> queues; // in an order, so that a simulation can be repeated
  private final Map<String, Integer> types;
  private final Ticker ticker;
  private final Supplier<UUID> ids;
  private final Wakeup wake = new Wakeup();

  /** When the first of the jobs put off by this engine is due, by its ticker; guarded by this. */
  private @Nullable Long nextDue;

  /** What this engine was given and has not settled yet. */
  private final Set<TokenLease> held = ConcurrentHashMap.newKeySet();

  /** Leases whose settlement may have been applied although the store could not say so. */
  private final Set<TokenLease> uncertain = ConcurrentHashMap.newKeySet();

  private volatile @Nullable SourceListener listener;
  private volatile @Nullable Runnable renewNow;

  /** The poller's thread alone. */
  private @Nullable ClaimRequest unresolved;

  /** Whose turn it is in the queues that are shared fairly; the poller's thread alone. */
  private final Map<JobQueue, FairTurn> turns = new HashMap<>();

  private final boolean hasLimits;

  /** The rest after an empty claim whose key is said to be open; the poller's thread alone. */
  private Duration restAtOpen = Duration.ZERO;

  private long reconciledAt;

  StoreSource(
      JobStore store,
      EngineLease lease,
      LeaseOptions options,
      Map<JobQueue, WorkerOptions> queues,
      Map<String, Integer> types,
      Ticker ticker,
      Supplier<UUID> ids) {
    this.store = store;
    this.lease = lease;
    this.options = options;
    this.queues = List.copyOf(queues.keySet());
    queues.forEach(
        (queue, worked) -> {
          FairShare share = worked.fairShare();
          if (share != null) {
            turns.put(queue, FairTurn.first(share.weights()));
          }
        });
    hasLimits = store.capabilities().contains(Capability.LIMITS);
    this.types = Map.copyOf(types);
    this.ticker = ticker;
    this.ids = ids;
    this.reconciledAt = ticker.nanos();
  }

  /** Says whom to tell about lost leases and how to renew at once; called once, before all else. */
  void connect(SourceListener engine, Runnable renewal) {
    listener = engine;
    renewNow = renewal;
  }

  @Override
  public List<LeasedJob> turn(Demand demand, Duration patience) throws InterruptedException {
    forgetDue();
    List<LeasedJob> jobs = claimAll(demand);
    if (jobs.isEmpty()) {
      wake.await(untilOpen(demand, untilDue(patience)));
    } else {
      restAtOpen = Duration.ZERO;
    }
    return jobs;
  }

  /** A rate that keeps due jobs waiting is not kept waiting for the poll. */
  private Duration untilOpen(Demand demand, Duration patience) {
    Duration wait = patience;
    if (!hasLimits || wait.isZero() || lease.id() == null) {
      return wait;
    }
    for (JobQueue queue : queues) {
      if (demand.of(queue) > 0) {
        Duration opens = store.opensIn(queue).orElse(wait);
        wait = opens.compareTo(wait) < 0 ? opens : wait;
      }
    }
    return wait.isZero() ? longer(patience) : wait;
  }

  /** A key that is open for jobs which this engine does not get, paused ones say, is no hurry. */
  private Duration longer(Duration patience) {
    Duration rest = restAtOpen;
    restAtOpen = rest.isZero() ? FIRST_REST : rest.multipliedBy(2);
    if (restAtOpen.compareTo(patience) > 0) {
      restAtOpen = patience;
    }
    return rest.compareTo(patience) < 0 ? rest : patience;
  }

  private void putOff(Due due) {
    if (due instanceof Due.In in) {
      putOff(in.delay());
    }
  }

  /** What this engine put off by less than its poll interval is not kept waiting for the poll. */
  private void putOff(Duration delay) {
    if (delay.compareTo(LONGEST_DELAY) > 0) {
      return; // the polls until then are many
    }
    synchronized (this) {
      long due = ticker.nanos() + delay.toNanos();
      if (nextDue != null && nextDue - due <= 0) {
        return;
      }
      nextDue = due;
    }
    wake.signal();
  }

  private synchronized void forgetDue() {
    if (nextDue != null && nextDue - ticker.nanos() <= 0) {
      nextDue = null;
    }
  }

  private synchronized Duration untilDue(Duration patience) {
    if (nextDue == null) {
      return patience;
    }
    Duration left = Duration.ofNanos(Math.max(0, nextDue - ticker.nanos()));
    return left.compareTo(patience) < 0 ? left : patience;
  }

  private List<LeasedJob> claimAll(Demand demand) {
    EngineId engine = lease.id();
    if (engine != null && lease.isStale() && renewNow != null) {
      renewNow.run(); // after a long pause: ask whether we are still alive before anything starts
      engine = lease.id();
    }
    if (engine == null) {
      return List.of();
    }
    List<LeasedJob> jobs = new ArrayList<>(resolve(engine));
    if (jobs.isEmpty()) {
      reconcile(engine); // it may fail, and what was resolved must start
    }
    boolean suspect = demand.suspect() && jobs.stream().noneMatch(LeasedJob::suspect);
    for (JobQueue queue : queues) {
      int free = demand.of(queue) - count(jobs, queue);
      int places = Math.max(0, free);
      int ahead = turns.containsKey(queue) ? 0 : Math.min(demand.aheadOf(queue), MOST_AHEAD);
      ahead = Math.max(0, ahead + Math.min(0, free)); // what was resolved may be at hand already
      if (places + ahead > 0) {
        ClaimRequest request =
            new ClaimRequest(
                engine,
                ids.get(),
                queue,
                types,
                places + ahead,
                ahead,
                suspect && places > 0,
                turns.get(queue));
        List<LeasedJob> claimed = claim(request, jobs.isEmpty());
        jobs.addAll(claimed);
        suspect &= claimed.stream().noneMatch(LeasedJob::suspect);
      }
    }
    if (!suspect && demand.suspect()) {
      jobs.sort(Comparator.comparing(job -> !job.suspect())); // it needs a slot that is free now
    }
    return hold(engine, jobs); // claims after the first may have taken longer than the lease
  }

  private static int count(List<LeasedJob> jobs, JobQueue queue) {
    return (int) jobs.stream().filter(job -> job.queue().equals(queue)).count();
  }

  private List<LeasedJob> claim(ClaimRequest request, boolean mayFail) {
    if (unresolved != null) {
      return List.of();
    }
    unresolved = request;
    try {
      List<LeasedJob> claimed = hold(request.engine(), store.claim(request));
      unresolved = null;
      claimed.forEach(this::passTurn);
      return claimed;
    } catch (Throwable e) { // rethrown, or met again by the next turn
      if (e instanceof StoreException s && s.outcome() == StoreException.Certainty.NOT_DONE) {
        unresolved = null;
      }
      if (mayFail) {
        throw e;
      }
      log.warn("Claim failed, other queues had jobs: queue={}", request.queue(), e);
      return List.of(); // what other queues gave must start
    }
  }

  private void passTurn(LeasedJob job) {
    turns.computeIfPresent(
        job.queue(), (queue, turn) -> turn.after(job.tenant() == null ? "" : job.tenant()));
  }

  /** Finds out what a claim gave whose reply was lost. */
  private List<LeasedJob> resolve(EngineId engine) {
    ClaimRequest request = unresolved;
    if (request == null) {
      return List.of();
    }
    List<LeasedJob> found =
        request.engine().equals(engine) ? store.claimed(engine, request.claimId()) : List.of();
    unresolved = null;
    return hold(engine, found.stream().filter(job -> !held.contains(job.lease())).toList());
  }

  /** Takes note of what was given, unless the engine was fenced while the reply was on its way. */
  private List<LeasedJob> hold(EngineId engine, List<LeasedJob> jobs) {
    jobs.forEach(job -> held.add((TokenLease) job.lease()));
    if (lease.isSafe(engine)) {
      return jobs;
    }
    jobs.forEach(job -> held.remove((TokenLease) job.lease()));
    return List.of();
  }

  /** Gives back what the store's books say is ours and is not; at most once in a lease's length. */
  private void reconcile(EngineId engine) {
    if (ticker.nanos() - reconciledAt < options.duration().toNanos()) {
      return;
    }
    reconciledAt = ticker.nanos();
    Set<TokenLease> before = Set.copyOf(held); // what is settled while the store looks is no orphan
    Set<TokenLease> orphans = new HashSet<>(store.held(engine));
    orphans.removeAll(before);
    orphans.removeAll(held);
    if (!engine.equals(lease.id())) {
      return; // fenced meanwhile, and all that it held let go: none of this is an orphan
    }
    if (!orphans.isEmpty()) {
      log.warn("Gives back jobs it was given without knowing: engine={} jobs={}", engine, orphans);
      store.settle(
          orphans.stream().map(orphan -> new Settlement(orphan, new Outcome.Released())).toList());
    }
  }

  @Override
  public void wake() {
    wake.signal();
  }

  @Override
  public Set<Lease> settle(List<Settlement> settlements) {
    Set<TokenLease> lost;
    try {
      lost = new HashSet<>(store.settle(settlements));
      Set<TokenLease> doubtful = new HashSet<>(lost);
      doubtful.retainAll(uncertain);
      if (!doubtful.isEmpty()) {
        lost.removeAll(store.settled(doubtful));
      }
    } catch (Throwable e) { // rethrown; a part of the batch may have been applied in any case
      settlements.forEach(s -> uncertain.add((TokenLease) s.lease()));
      throw e;
    }
    if (hasLimits && store.hasMetLimits()) {
      wake.signal(); // the end of a job may let another one start
    }
    for (Settlement settlement : settlements) {
      held.remove((TokenLease) settlement.lease());
      uncertain.remove((TokenLease) settlement.lease());
      if (settlement.outcome() instanceof Outcome.Retry retry) {
        putOff(retry.delay());
      } else if (settlement.outcome() instanceof Outcome.Snoozed snoozed) {
        putOff(snoozed.delay());
      } else if (settlement.outcome() instanceof Outcome.Succeeded done) {
        done.follow().forEach(job -> putOff(job.due()));
      } else if (settlement.outcome() instanceof Outcome.Dead) {
        wake.signal(); // something may follow it
      }
    }
    return Set.copyOf(lost);
  }

  /** The store says that this engine's life is over: everything it held is another's. */
  void fenced() {
    Set<TokenLease> lost = Set.copyOf(held);
    held.clear();
    tell(lost);
  }

  /** The lease may have expired: what runs must end, but its settlements may still be accepted. */
  void suspendHandlers() {
    tell(Set.copyOf(held));
  }

  private void tell(Set<TokenLease> lost) {
    SourceListener engine = listener;
    if (engine != null && !lost.isEmpty()) {
      engine.revoked(lost, Duration.ZERO);
    }
  }

  void cancelRequested(Collection<TokenLease> leases) {
    SourceListener engine = listener;
    if (engine != null) {
      engine.cancelRequested(leases);
    }
  }

  @Override
  public Optional<JobNotes> notes() {
    return store.notes();
  }

  @Override
  public Optional<JobRecords> records() {
    return Optional.of(store.records());
  }

  /** Nothing to leave: the lease keeper retires the engine. */
  @Override
  public void close() {}
}
