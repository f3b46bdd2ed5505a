package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Retention;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the cases have in common: an empty database, a handle on it, and short words. */
abstract class StoreCases {

  static final JobQueue QUEUE = JobQueue.of("tck");
  static final Duration LEASE = Duration.ofMinutes(10);
  static final Duration GRACE = Duration.ofMinutes(5);
  static final Failure FAILURE = new Failure("java.io.IOException", "no route", "at Here.java:1");

  private final List<JobStore> opened = new ArrayList<>();
  JobStore store;

  abstract StoreFixture fixture();

  @BeforeEach
  void openEmptyStore() {
    fixture().clear();
    store = open();
  }

  @AfterEach
  void closeStores() {
    opened.forEach(JobStore::close);
    opened.clear();
  }

  /** Another node on the same database. */
  final JobStore open() {
    JobStore handle = fixture().open();
    opened.add(handle);
    return handle;
  }

  final JobRecords records() {
    return store.records();
  }

  final boolean can(Capability capability) {
    return store.capabilities().contains(capability);
  }

  final void advance(Duration by) {
    fixture().advance(by);
  }

  /** The store's clock, read off a row that it writes. */
  final Instant storeNow() {
    NewJob probe = NewJobs.job().queue(JobQueue.of("probe")).build();
    insert(probe);
    return job(probe.id()).createdAt();
  }

  /** One round of a race. */
  interface Round {
    void run() throws Exception;
  }

  /** Runs a race as often as the fixture likes. */
  final void rounds(Round round) throws Exception {
    for (int i = 0; i < fixture().rounds(); i++) {
      round.run();
    }
  }

  // enqueue

  final void insert(NewJob... jobs) {
    store.insert(List.of(jobs));
  }

  /** Stores an ordinary job that is due at once. */
  final JobId insertOne() {
    NewJob job = NewJobs.job().build();
    insert(job);
    return job.id();
  }

  final List<JobId> insertMany(int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(NewJobs.job().build());
    }
    store.insert(jobs);
    return jobs.stream().map(NewJob::id).toList();
  }

  // engines

  /** Registers an engine whose lease is {@link #LEASE}. */
  final EngineId engine() {
    EngineId id = new EngineId(UUID.randomUUID());
    register(id);
    return id;
  }

  final void register(EngineId id) {
    register(id, "node", Map.of(QUEUE, 100), Map.of(NewJobs.TYPE, 1));
  }

  final void register(
      EngineId id, String name, Map<JobQueue, Integer> queues, Map<String, Integer> types) {
    store.register(new EngineInfo(id, name, "0.1", LEASE, queues, types));
  }

  /** Lets the leases of all engines run out, their grace too. */
  final void expireEngines() {
    advance(LEASE.plus(GRACE).plusSeconds(1));
  }

  final Reaped reap() {
    return store.reap(new ReapRequest(GRACE, 1_000, 3));
  }

  // claim

  final ClaimRequest claimOf(EngineId engine, int limit) {
    return new ClaimRequest(engine, UUID.randomUUID(), QUEUE, Map.of(NewJobs.TYPE, 1), limit, true);
  }

  final List<LeasedJob> claim(EngineId engine, int limit) {
    return store.claim(claimOf(engine, limit));
  }

  /** Claims the one job that is due. */
  final LeasedJob claimOne(EngineId engine) {
    List<LeasedJob> jobs = claim(engine, 10);
    assertThat(jobs).as("due jobs").hasSize(1);
    return jobs.get(0);
  }

  final boolean isClaimable(JobId id) {
    return claim(engine(), 1_000).stream().anyMatch(job -> job.id().equals(id));
  }

  static TokenLease lease(LeasedJob job) {
    return (TokenLease) job.lease();
  }

  // settle

  final Set<TokenLease> settle(LeasedJob job, Outcome outcome) {
    return store.settle(List.of(new Settlement(job.lease(), outcome)));
  }

  /** Settles under a lease that must be held. */
  final void settled(LeasedJob job, Outcome outcome) {
    assertThat(settle(job, outcome)).as("lost leases").isEmpty();
  }

  final Set<TokenLease> settleAll(Settlement... settlements) {
    return store.settle(Arrays.asList(settlements));
  }

  static Outcome succeeded() {
    return new Outcome.Succeeded(null);
  }

  static Outcome retry() {
    return new Outcome.Retry(Duration.ZERO, FAILURE);
  }

  /** Deletes what succeeded or was cancelled so long ago. */
  final int prune(Duration finished, int limit) {
    return store.prune(new PruneRequest(Retention.of(finished), limit));
  }

  // look

  final Job job(JobId id) {
    return records().find(id).orElseThrow(() -> new AssertionError("job " + id + " is gone"));
  }

  final JobState state(JobId id) {
    return job(id).state();
  }
}
