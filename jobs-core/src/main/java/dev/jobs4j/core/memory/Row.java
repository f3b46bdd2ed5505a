package dev.jobs4j.core.memory;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.TokenLease;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One job in all its states. Guarded by the store's lock. A row that has ended never lives again:
 * {@link #reborn} makes a new one, so whatever still points to the old one can tell.
 */
final class Row {

  final NewJob job;
  final long createdAt;
  long runAt;
  JobState state = JobState.PENDING;
  int attempt;
  int crashes;
  long token;
  boolean suspect;
  boolean cancelRequested;
  long finishedAt;
  @Nullable Payload result;
  @Nullable DeadReason deadReason;
  @Nullable Failure lastFailure;

  /** The engine that holds it while it runs, its place there, and the claim that took it. */
  @Nullable EngineRow engine;

  int place;
  @Nullable UUID claimId;

  private @Nullable Set<JobId> parents;
  private @Nullable List<AttemptRecord> attempts;

  Row(NewJob job, long createdAt, long runAt) {
    this.job = job;
    this.createdAt = createdAt;
    this.runAt = runAt;
  }

  JobId id() {
    return job.id();
  }

  /** The same job, to be run from the start; its token and its past stay. */
  Row reborn(long now) {
    Row row = new Row(job, createdAt, now);
    row.token = token;
    row.lastFailure = lastFailure;
    row.attempts = attempts;
    return row;
  }

  /** Gives it to an engine under the next token. */
  void start(EngineRow to, UUID claim) {
    state = JobState.RUNNING;
    token++;
    attempt++;
    claimId = claim;
    to.take(this);
  }

  boolean isWaiting() {
    return parents != null;
  }

  void waitFor(JobId parent) {
    if (parents == null) {
      parents = new HashSet<>();
    }
    parents.add(parent);
  }

  /** Returns whether that was the last one it waited for. */
  boolean waitNoMoreFor(JobId parent) {
    if (parents == null || !parents.remove(parent) || !parents.isEmpty()) {
      return false;
    }
    parents = null;
    return true;
  }

  Set<JobId> parents() {
    return parents == null ? Set.of() : parents;
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

  TokenLease lease() {
    return new TokenLease(id(), token);
  }

  LeasedJob leased() {
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
        job.tenant(),
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
        .tenant(job.tenant())
        .blockReason(isWaiting() ? BlockReason.PARENTS : null)
        .flags(suspect, cancelRequested)
        .failure(deadReason, lastFailure)
        .build();
  }
}
