package dev.jobs4j.store.mongo;

import com.mongodb.client.MongoDatabase;
import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.TokenLease;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * A {@link JobStore} in MongoDB, without transactions: what must be atomic is one write of one
 * document. Wants a replica set, because only there writes survive a failover and the driver
 * repeats one whose answer was lost. Its collections must not be sharded: one unique index spans
 * them.
 *
 * <p>It differs from the contract in these points, and no others. {@link #settle} applies each
 * outcome by itself: a crash in the middle leaves some applied, and the jobs that waited for a
 * success are released by another node's {@link #reap} if this one dies before it did so. Jobs of
 * one insert are all stored or none, but workers see them one by one. Of a job's failed attempts
 * the last 100 are kept. A crash in the middle of an operator's act can leave an audit entry of
 * what was not done; nothing is done without its entry. Two engines that prune at once may archive
 * the same job, and one that is requeued at that moment may be archived and live. It joins no
 * transaction of a caller.
 */
public final class MongoJobStore implements JobStore {

  /** What it can do. */
  public static final Set<Capability> CAPABILITIES =
      Set.copyOf(
          EnumSet.complementOf(
              EnumSet.of(
                  Capability.TRANSACTIONAL_ENQUEUE,
                  Capability.REPLACE,
                  Capability.EXPIRY,
                  Capability.ANY_END,
                  Capability.FIFO,
                  Capability.FOLLOW_UP,
                  Capability.PAUSE,
                  Capability.LIMITS,
                  Capability.FAIR_SHARE,
                  Capability.NOTES,
                  Capability.SCHEDULES,
                  Capability.MAJORITY)));

  private final Engines engines;
  private final JobInsert insert;
  private final ClaimUpdate claim;
  private final SettleUpdate settle;
  private final Takeover takeover;
  private final Pruning pruning;
  private final MongoRecords records;

  private MongoJobStore(Areas areas, ServerClock clock) {
    Batches batches = new Batches(areas);
    WaitingJobs waiting = new WaitingJobs(areas);
    UniqueKeys keys = new UniqueKeys(areas);
    Revival revival = new Revival(areas, waiting, keys, clock);
    GiveBack giveBack = new GiveBack(areas, clock);
    engines = new Engines(areas, clock);
    insert = new JobInsert(areas, batches, waiting, keys, clock);
    claim = new ClaimUpdate(areas, engines, giveBack, clock);
    settle = new SettleUpdate(areas, waiting, clock);
    takeover = new Takeover(areas, engines, giveBack, batches, waiting, clock);
    Burial burial = new Burial(waiting, keys, clock);
    Audit audit = new Audit(areas, clock);
    pruning = new Pruning(areas, burial, keys, audit, clock);
    records = new MongoRecords(areas, engines, batches, burial, audit, revival, clock);
  }

  /** A store in this database with {@linkplain MongoStoreOptions#defaults() the defaults}. */
  public static MongoJobStore of(MongoDatabase database) {
    return of(database, MongoStoreOptions.defaults());
  }

  /**
   * A store in this database, whose client stays the caller's. Write concern, read concern and read
   * preference of the database are not used: the store sets its own.
   *
   * @throws StoreException if the database cannot be reached
   * @throws InvalidJobException if an index is missing and the options do not let it be created
   */
  public static MongoJobStore of(MongoDatabase database, MongoStoreOptions options) {
    return of(database, options, () -> 0);
  }

  /** For tests: the server's clock, moved on by so many microseconds. */
  static MongoJobStore of(
      MongoDatabase database, MongoStoreOptions options, LongSupplier shiftMicros) {
    Areas areas = Areas.of(database, options);
    return StoreErrors.manySteps(
        "open its collections",
        () -> {
          if (options.indexes() == MongoStoreOptions.Indexes.CREATE) {
            MongoIndexes.create(areas);
          } else {
            MongoIndexes.validate(areas);
          }
          return new MongoJobStore(areas, new ServerClock(database, shiftMicros));
        });
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public List<Enqueued> insert(List<NewJob> jobs, Durability durability) {
    return insert.insert(jobs);
  }

  /** Refused: this store declares no {@link Capability#TRANSACTIONAL_ENQUEUE}. */
  @Override
  public List<Enqueued> insert(List<NewJob> jobs, JobTransaction transaction) {
    throw new InvalidJobException(
        "transaction must not be given: MongoJobStore joins none; enqueue without it after it has"
            + " committed, was "
            + transaction.getClass().getName());
  }

  @Override
  public void register(EngineInfo engine) {
    StoreErrors.oneStep(
        "register engine " + engine.id(),
        () -> {
          engines.register(engine);
          return engine;
        });
  }

  @Override
  public Optional<Mailbox> renew(EngineId engine) {
    return StoreErrors.manySteps("renew engine " + engine, () -> engines.renew(engine));
  }

  @Override
  public void retire(EngineId engine) {
    StoreErrors.manySteps(
        "retire engine " + engine,
        () -> {
          takeover.retire(engine);
          return engine;
        });
  }

  @Override
  public List<LeasedJob> claim(ClaimRequest request) {
    return StoreErrors.manySteps("claim from " + request.queue(), () -> claim.claim(request));
  }

  @Override
  public List<LeasedJob> claimed(EngineId engine, UUID claimId) {
    return StoreErrors.oneStep("look for claim " + claimId, () -> claim.claimed(engine, claimId));
  }

  @Override
  public Set<TokenLease> held(EngineId engine) {
    return StoreErrors.oneStep("read what engine " + engine + " holds", () -> engines.held(engine));
  }

  @Override
  public Set<TokenLease> settle(List<Settlement> settlements) {
    return StoreErrors.manySteps(
        "settle " + settlements.size() + " jobs", () -> settle.settle(settlements));
  }

  @Override
  public Set<TokenLease> settled(Collection<TokenLease> leases) {
    return StoreErrors.oneStep(
        "look for " + leases.size() + " outcomes", () -> settle.settled(leases));
  }

  @Override
  public Reaped reap(ReapRequest request) {
    return StoreErrors.manySteps("reap", () -> takeover.reap(request));
  }

  /** Does nothing: no job here expires, see {@link #capabilities}. */
  @Override
  public List<JobId> expire(int limit) {
    return List.of();
  }

  @Override
  public int prune(PruneRequest request) {
    return StoreErrors.manySteps("prune", () -> pruning.prune(request));
  }

  @Override
  public JobRecords records() {
    return records;
  }

  /** Does nothing: the client is the caller's. */
  @Override
  public void close() {}
}
