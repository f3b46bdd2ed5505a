package dev.jobs4j.core.memory;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.JobQueue;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A {@link JobStore} in the memory of this process, with everything a store can do. Its jobs die
 * with it, so its "durable" is "visible to all".
 *
 * <p>Several engines may share one instance, as nodes share a database. Of the jobs that succeeded
 * or were cancelled it keeps the newest, {@value #HISTORY} unless said otherwise, and no archive
 * sees the others; dead letters stay as long as they are kept.
 */
public final class InMemoryJobStore implements JobStore {

  /** How many finished jobs are kept by default. */
  public static final int HISTORY = 100_000;

  /** There is one copy of everything. */
  private static final Set<Capability> CAPABILITIES =
      Set.copyOf(EnumSet.complementOf(EnumSet.of(Capability.MAJORITY)));

  /** Closes every race of the store: each call decides and writes under it, as in one statement. */
  private final ReentrantLock lock;

  private final InstantSource clock;
  private final Tables tables;
  private final Transactions transactions;
  private final Enqueuing enqueuing;
  private final Settling settling;
  private final Burials burials;
  private final Reaping reaping;
  private final Pruning pruning;
  private final JobRecords records;
  private final JobNotes notes;
  private final MemorySchedules schedules;
  private final MemoryPauses pauses;
  private final JobLimits limits;

  private InMemoryJobStore(InstantSource clock, int history) {
    this.clock = clock;
    lock = new ReentrantLock();
    tables = new Tables(history);
    transactions = new Transactions(lock.newCondition());
    enqueuing = new Enqueuing(tables, transactions);
    burials = new Burials(tables, enqueuing, LetterRule.NONE);
    settling = new Settling(tables, transactions, enqueuing, burials);
    reaping = new Reaping(tables, burials);
    Audit audit = new Audit();
    pruning = new Pruning(tables, audit);
    pauses = new MemoryPauses(this);
    records = new MemoryRecords(this, tables, transactions, audit, pauses);
    notes = new MemoryNotes(this, tables);
    limits = new MemoryLimits(this, tables);
    schedules = new MemorySchedules(this, tables, transactions, enqueuing);
  }

  private InMemoryJobStore(InMemoryJobStore same, LetterRule rule) {
    clock = same.clock;
    lock = same.lock;
    tables = same.tables;
    transactions = same.transactions;
    enqueuing = same.enqueuing;
    burials = new Burials(tables, enqueuing, rule);
    settling = new Settling(tables, transactions, enqueuing, burials);
    reaping = new Reaping(tables, burials);
    records = same.records;
    notes = same.notes;
    schedules = same.schedules;
    pruning = same.pruning;
    pauses = same.pauses;
    limits = same.limits;
  }

  @Override
  public InMemoryJobStore following(LetterRule rule) {
    return new InMemoryJobStore(this, rule);
  }

  /** An empty store by the system's clock. */
  public static InMemoryJobStore create() {
    return of(InstantSource.system());
  }

  /** An empty store by this clock, which alone decides what is due and what has expired. */
  public static InMemoryJobStore of(InstantSource clock) {
    return of(clock, HISTORY);
  }

  /** An empty store by this clock that keeps at most {@code history} finished jobs, ≥ 1. */
  public static InMemoryJobStore of(InstantSource clock, int history) {
    if (history < 1) {
      throw new IllegalArgumentException("history must be >= 1, was " + history);
    }
    return new InMemoryJobStore(clock, history);
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public List<Enqueued> insert(List<NewJob> jobs, Durability durability) {
    return locked(() -> enqueuing.insert(jobs, null, this::now));
  }

  /**
   * {@inheritDoc}
   *
   * @param transaction one of this store's {@link #begin()}
   */
  @Override
  public List<Enqueued> insert(List<NewJob> jobs, JobTransaction transaction) {
    if (!(transaction instanceof Transaction own) || own.store.tables != tables) {
      throw new InvalidJobException(
          "transaction must be one that begin() of this InMemoryJobStore gave, was "
              + transaction.getClass().getName());
    }
    return locked(() -> enqueuing.insert(jobs, own.part, this::now));
  }

  /** Begins a transaction for inserts; until it ends, others wait for the keys and ids it took. */
  public Transaction begin() {
    return new Transaction(this);
  }

  @Override
  public void register(EngineInfo engine) {
    locked(
        () -> {
          EngineRow row = new EngineRow(engine);
          row.renew(now());
          if (tables.engines.putIfAbsent(engine.id(), row) != null) {
            throw new InvalidJobException("engine id is used already, take a new one: " + engine);
          }
          return row;
        });
  }

  @Override
  public Optional<Mailbox> renew(EngineId engine) {
    return locked(
        () -> {
          EngineRow row = tables.engines.get(engine);
          if (row == null || !row.live) {
            return Optional.empty();
          }
          row.renew(now());
          return Optional.of(new Mailbox(row.asked.stream().map(Row::lease).toList()));
        });
  }

  @Override
  public void retire(EngineId engine) {
    locked(
        () -> {
          reaping.retire(engine, now());
          return engine;
        });
  }

  @Override
  public List<LeasedJob> claim(ClaimRequest request) {
    return locked(() -> tryClaim(request));
  }

  private List<LeasedJob> tryClaim(ClaimRequest request) {
    EngineRow engine = tables.engines.get(request.engine());
    long now = now();
    Held held = pauses.held(now);
    if (engine == null || !engine.live || held.holds(engine.info.name(), request.queue())) {
      return List.of();
    }
    return new Claiming(tables, request, held, now).claim(engine);
  }

  @Override
  public Optional<Duration> opensIn(JobQueue queue) {
    return locked(
        () -> {
          long now = now();
          return Optional.ofNullable(tables.limits.opensAt(queue))
              .map(time -> Micros.between(now, time));
        });
  }

  @Override
  public boolean hasMetLimits() {
    return locked(() -> tables.limits.met);
  }

  @Override
  public Optional<JobLimits> limits() {
    return Optional.of(limits);
  }

  @Override
  public List<LeasedJob> claimed(EngineId engine, UUID claimId) {
    return locked(
        () ->
            heldRows(engine).stream()
                .filter(row -> claimId.equals(row.claimId))
                .map(row -> row.leased(now()))
                .toList());
  }

  @Override
  public Set<TokenLease> held(EngineId engine) {
    return locked(() -> heldRows(engine).stream().map(Row::lease).collect(Collectors.toSet()));
  }

  private List<Row> heldRows(EngineId engine) {
    EngineRow row = tables.engines.get(engine);
    return row == null ? List.of() : row.running;
  }

  @Override
  public Set<TokenLease> settle(List<Settlement> settlements) {
    return locked(() -> settling.settle(settlements, now()));
  }

  @Override
  public Set<TokenLease> settled(Collection<TokenLease> leases) {
    return locked(() -> settling.settled(leases));
  }

  @Override
  public Reaped reap(ReapRequest request) {
    return locked(() -> reaping.reap(request, now()));
  }

  @Override
  public List<JobId> expire(int limit) {
    return locked(
        () -> {
          long now = now();
          List<Row> expired = tables.expired(now, limit);
          expired.forEach(row -> burials.expire(row, now));
          return expired.stream().map(Row::id).toList();
        });
  }

  @Override
  public int prune(PruneRequest request) {
    return locked(() -> pruning.prune(request, now()) + pauses.prune(now()));
  }

  @Override
  public Optional<Pauses> pauses() {
    return Optional.of(pauses);
  }

  @Override
  public JobRecords records() {
    return records;
  }

  @Override
  public Optional<JobNotes> notes() {
    return Optional.of(notes);
  }

  @Override
  public ScheduleStore schedules() {
    return schedules;
  }

  /** Does nothing: there is nothing to give up, and other engines may share the store. */
  @Override
  public void close() {}

  long now() {
    return Micros.of(clock.instant());
  }

  /** The areas, for tests that damage them on purpose; touch them only inside {@link #locked}. */
  Tables tables() {
    return tables;
  }

  /** The same for what makes dead letters. */
  Burials burials() {
    return burials;
  }

  /** The same for recurring jobs. */
  MemorySchedules schedulesInMemory() {
    return schedules;
  }

  <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** A transaction of inserts: they are there after {@link #commit} or never. Not thread-safe. */
  public static final class Transaction implements JobTransaction, AutoCloseable {

    private final InMemoryJobStore store;
    private final Transactions.Part part = new Transactions.Part();
    private final List<Runnable> actions = new ArrayList<>();

    private Transaction(InMemoryJobStore store) {
      this.store = store;
    }

    @Override
    public void afterCommit(Runnable action) {
      actions.add(action);
    }

    /** Makes its jobs visible to all, then runs what was to run after that. */
    public void commit() {
      end(true);
      actions.forEach(Runnable::run);
    }

    /** Drops its jobs and frees what they held. */
    public void rollback() {
      end(false);
    }

    /** Rolls back unless it has ended. Idempotent. */
    @Override
    public void close() {
      if (part.isOpen()) {
        rollback();
      }
    }

    private void end(boolean keep) {
      store.locked(
          () -> {
            store.transactions.end(part, keep, store.tables);
            return part;
          });
    }
  }
}
