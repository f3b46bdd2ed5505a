package dev.jobs4j.core.memory;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.TokenLease;
import dev.jobs4j.spi.WaitRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One job in all its states. Guarded by the store's lock. A row that has ended never lives again,
 * and one that waits never changes its place: {@link #reborn} and {@link #changed} make a new one,
 * so whatever still points to the old one can tell.
 */
final class Row {

  /** The order of a claim: the more urgent, then the longer due. */
  static final Comparator<Row> URGENCY =
      Comparator.comparing((Row row) -> row.job.priority())
          .thenComparingLong(row -> row.runAt)
          .thenComparing(Row::id);

  /** As it was enqueued, or as a dead letter was mended. */
  NewJob job;

  final long createdAt;

  /** When it must have started; never, if there is no such time. */
  final long expiresAt;

  long runAt;
  JobState state = JobState.PENDING;
  int attempt;
  int crashes;
  long token;
  boolean suspect;
  boolean cancelRequested;

  /** Whether it is among those that must have started by some time. */
  boolean expiring;

  /** Another row stands for this job, or will once a transaction has ended. */
  boolean superseded;

  /** The key it waits for, while it is pending. */
  @Nullable LimitKey parkedOn;

  long finishedAt;
  @Nullable Payload result;
  @Nullable DeadReason deadReason;
  @Nullable Failure lastFailure;
  @Nullable String fingerprint;

  /** The engine that holds it while it runs, its slot there, and the claim that took it. */
  @Nullable EngineRow engine;

  int slot;
  @Nullable UUID claimId;

  /** Its place in its line, and whether somebody stands before it there. */
  long place;

  boolean behind;

  private @Nullable Map<JobId, WaitRule> parents;
  private @Nullable List<AttemptRecord> attempts;
  private @Nullable Map<String, KeptStep> steps;
  private @Nullable Said said;

  Row(NewJob job, long createdAt, long runAt, long expiresAt) {
    this.job = job;
    this.createdAt = createdAt;
    this.runAt = runAt;
    this.expiresAt = expiresAt;
  }

  JobId id() {
    return job.id();
  }

  /** On whose behalf it runs; empty for nobody's. */
  String tenant() {
    String tenant = job.tenant();
    return tenant == null ? "" : tenant;
  }

  /** The same job, to be run from the start; its token, past and steps stay, its expiry goes. */
  Row reborn(long now) {
    Row row = past(new Row(job.toBuilder().expires(null).build(), createdAt, now, Micros.NEVER));
    row.steps = steps;
    row.said = said;
    return row;
  }

  /** The same job with another content: what it waits for, its token and its past stay. */
  Row changed(NewJob content, long due, long expires) {
    Row row =
        past(
            new Row(
                content.toBuilder()
                    .id(id())
                    .mayExist(false)
                    .after(job.after())
                    .afterEnd(job.afterEnd())
                    .fifo(job.fifo())
                    .build(),
                createdAt,
                due,
                expires));
    row.suspect = suspect;
    row.parents = parents;
    return row;
  }

  /** The same job in the same place, for one that was superseded in vain. */
  Row again() {
    Row row = changed(job, runAt, expiresAt);
    row.attempt = attempt;
    row.crashes = crashes;
    row.steps = steps;
    row.said = said;
    return row;
  }

  private Row past(Row row) {
    row.token = token;
    row.lastFailure = lastFailure;
    row.attempts = attempts;
    return row;
  }

  boolean isExpired(long now) {
    return expiresAt <= now;
  }

  /** Gives it to an engine under the next token. */
  void start(EngineRow to, UUID claim) {
    state = JobState.RUNNING;
    parkedOn = null;
    token++;
    attempt++;
    claimId = claim;
    to.take(this);
  }

  /** Whether it is kept out of every claim. */
  boolean isWaiting() {
    return behind || hasParents();
  }

  private boolean hasParents() {
    return parents != null && !parents.isEmpty();
  }

  private @Nullable BlockReason blockReason() {
    if (state != JobState.PENDING) {
      return null;
    }
    if (isWaiting()) {
      return hasParents() ? BlockReason.PARENTS : BlockReason.FIFO;
    }
    return parkedOn == null ? null : BlockReason.LIMIT;
  }

  void waitFor(JobId parent, WaitRule rule) {
    if (parents == null) {
      parents = new HashMap<>();
    }
    parents.putIfAbsent(parent, rule);
  }

  /** The rule under which it waits for this job, or null if it does not. */
  @Nullable WaitRule waitsFor(JobId parent) {
    return parents == null ? null : parents.get(parent);
  }

  /** Returns whether that was the last one it waited for. */
  boolean waitNoMoreFor(JobId parent) {
    if (parents == null || parents.remove(parent) == null || !parents.isEmpty()) {
      return false;
    }
    parents = null;
    return true;
  }

  Set<JobId> parents() {
    return parents == null ? Set.of() : parents.keySet();
  }

  /** Remembers that the running attempt failed, or crashed if {@code failure} is null. */
  void failed(long now, @Nullable Failure failure) {
    if (attempts == null) {
      attempts = new ArrayList<>(1);
    }
    attempts.add(new AttemptRecord(attempt, token, Micros.instant(now), failure));
    if (failure != null) {
      lastFailure = failure;
    }
  }

  List<AttemptRecord> attempts() {
    return attempts == null ? List.of() : List.copyOf(attempts);
  }

  /** Forgets all but the last {@code count} attempts, and those that ended before {@code time}. */
  int forgetAttempts(int count, long time) {
    if (attempts == null) {
      return 0;
    }
    int before = attempts.size();
    if (before > count) {
      attempts = new ArrayList<>(attempts.subList(before - count, before));
    }
    attempts.removeIf(attempt -> Micros.of(attempt.endedAt()) < time);
    return before - attempts.size();
  }

  @Nullable KeptStep step(String name) {
    return steps == null ? null : steps.get(name);
  }

  /** Keeps a step unless it is kept already. */
  void keep(KeptStep step) {
    if (steps == null) {
      steps = new HashMap<>();
    }
    steps.putIfAbsent(step.name(), step);
  }

  /** Forgets what its attempts have done. */
  void forgetSteps() {
    steps = null;
  }

  /** What its attempts have said, to add to it. */
  Said said() {
    if (said == null) {
      said = new Said();
    }
    return said;
  }

  /** Forgets what its attempts have said. */
  void forgetSaid() {
    said = null;
  }

  TokenLease lease() {
    return new TokenLease(id(), token);
  }

  LeasedJob leased(long now) {
    return new LeasedJob(
        lease(),
        id(),
        job.type(),
        job.typeVersion(),
        job.queue(),
        job.payload(),
        attempt,
        job.maxAttempts(),
        OptionalLong.of(token),
        suspect,
        Micros.between(createdAt, now),
        job.tenant(),
        job.tags(),
        job.headers(),
        null);
  }

  Job snapshot() {
    return Job.builder(id(), job.type(), job.queue(), state)
        .priority(job.priority())
        .counts(attempt, crashes, token)
        .times(
            Micros.instant(runAt),
            Micros.instant(createdAt),
            state.isTerminal() ? Micros.instant(finishedAt) : null)
        .expiresAt(expiresAt == Micros.NEVER ? null : Micros.instant(expiresAt))
        .tenant(job.tenant())
        .typeVersion(job.typeVersion())
        .fifo(job.fifo())
        .limits(job.limits())
        .tags(job.tags())
        .blockReason(blockReason())
        .flags(suspect, cancelRequested)
        .failure(deadReason, lastFailure)
        .build();
  }
}
