package dev.jobs4j.core.memory;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.LetterRule;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store in memory with nothing changed; a faulty one overrides what it gets wrong. */
class ForwardingStore implements JobStore, Cloneable {

  InMemoryJobStore store;

  ForwardingStore(InMemoryJobStore store) {
    this.store = store;
  }

  @Override
  public Set<Capability> capabilities() {
    return store.capabilities();
  }

  /** The same faulty store around the good one that follows the rule. */
  @Override
  public JobStore following(LetterRule rule) {
    try {
      ForwardingStore same = (ForwardingStore) clone();
      same.store = store.following(rule);
      return same;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public List<Enqueued> insert(List<NewJob> jobs, Durability durability) {
    return insert(jobs, (JobTransaction) null);
  }

  @Override
  public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction transaction) {
    return transaction == null ? store.insert(jobs) : store.insert(jobs, transaction);
  }

  @Override
  public void register(EngineInfo engine) {
    store.register(engine);
  }

  @Override
  public Optional<Mailbox> renew(EngineId engine) {
    return store.renew(engine);
  }

  @Override
  public void retire(EngineId engine) {
    store.retire(engine);
  }

  @Override
  public Optional<Duration> opensIn(JobQueue queue) {
    return store.opensIn(queue);
  }

  @Override
  public boolean hasMetLimits() {
    return store.hasMetLimits();
  }

  @Override
  public Optional<JobLimits> limits() {
    return store.limits();
  }

  @Override
  public List<LeasedJob> claim(ClaimRequest request) {
    return store.claim(request);
  }

  @Override
  public List<LeasedJob> claimed(EngineId engine, UUID claimId) {
    return store.claimed(engine, claimId);
  }

  @Override
  public Set<TokenLease> held(EngineId engine) {
    return store.held(engine);
  }

  @Override
  public Set<TokenLease> settle(List<Settlement> settlements) {
    return store.settle(settlements);
  }

  @Override
  public Set<TokenLease> settled(Collection<TokenLease> leases) {
    return store.settled(leases);
  }

  @Override
  public Reaped reap(ReapRequest request) {
    return store.reap(request);
  }

  @Override
  public List<JobId> expire(int limit) {
    return store.expire(limit);
  }

  @Override
  public int prune(PruneRequest request) {
    return store.prune(request);
  }

  @Override
  public Optional<Pauses> pauses() {
    return store.pauses();
  }

  @Override
  public JobRecords records() {
    return store.records();
  }

  @Override
  public Optional<JobNotes> notes() {
    return store.notes();
  }

  @Override
  public ScheduleStore schedules() {
    return store.schedules();
  }

  @Override
  public void close() {
    store.close();
  }

  // for damage

  @Nullable Row row(JobId id) {
    return store.locked(() -> store.tables().rows.get(id));
  }

  /** Touches one row under the lock, if it is there. */
  void touch(JobId id, Consumer<Row> damage) {
    store.locked(
        () -> {
          Row row = store.tables().rows.get(id);
          if (row != null) {
            damage.accept(row);
          }
          return id;
        });
  }

  /** Touches every row under the lock. */
  void touchAll(Consumer<Row> damage) {
    store.locked(
        () -> {
          List.copyOf(store.tables().rows.values()).forEach(damage);
          return damage;
        });
  }

  /** All rows in a state. */
  List<Row> rows(JobState state) {
    return store.locked(
        () -> store.tables().rows.values().stream().filter(row -> row.state == state).toList());
  }

  static TokenLease lease(Settlement settlement) {
    return (TokenLease) settlement.lease();
  }
}
