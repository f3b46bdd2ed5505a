package dev.jobs4j.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A job as its store saw it when asked: a snapshot, not a live view. Immutable. */
public final class Job {

  private final JobId id;
  private final String type;
  private final JobQueue queue;
  private final JobState state;
  private final Priority priority;
  private final int attempt;
  private final int crashes;
  private final long token;
  private final Instant runAt;
  private final Instant createdAt;
  private final @Nullable Instant finishedAt;
  private final @Nullable Instant expiresAt;
  private final @Nullable String tenant;
  private final int typeVersion;
  private final @Nullable Fifo fifo;
  private final Set<LimitKey> limits;
  private final Set<String> tags;
  private final @Nullable BlockReason blockReason;
  private final boolean suspect;
  private final boolean cancelRequested;
  private final @Nullable DeadReason deadReason;
  private final @Nullable Failure lastFailure;

  private Job(Builder b) {
    id = b.id;
    type = b.type;
    queue = b.queue;
    state = b.state;
    priority = b.priority;
    attempt = b.attempt;
    crashes = b.crashes;
    token = b.token;
    runAt = Objects.requireNonNull(b.runAt, "runAt");
    createdAt = Objects.requireNonNull(b.createdAt, "createdAt");
    finishedAt = b.finishedAt;
    expiresAt = b.expiresAt;
    tenant = b.tenant;
    typeVersion = b.typeVersion;
    fifo = b.fifo;
    limits = b.limits;
    tags = b.tags;
    blockReason = b.blockReason;
    suspect = b.suspect;
    cancelRequested = b.cancelRequested;
    deadReason = b.deadReason;
    lastFailure = b.lastFailure;
  }

  /** Starts a snapshot of a job; for stores. */
  public static Builder builder(JobId id, String type, JobQueue queue, JobState state) {
    return new Builder(id, type, queue, state);
  }

  /** Its name in every backend. */
  public JobId id() {
    return id;
  }

  /** The registered name of its kind. */
  public String type() {
    return type;
  }

  /** The line it stands in. */
  public JobQueue queue() {
    return queue;
  }

  /** Where it is in its life. */
  public JobState state() {
    return state;
  }

  /** How urgent it is. */
  public Priority priority() {
    return priority;
  }

  /** Attempts consumed so far, the running one included. */
  public int attempt() {
    return attempt;
  }

  /** How often it took its engine down while it ran as a suspect. */
  public int crashes() {
    return crashes;
  }

  /** The fencing token of its last claim or takeover; only ever grows. */
  public long token() {
    return token;
  }

  /** When it is or was due, by the store's clock. */
  public Instant runAt() {
    return runAt;
  }

  /** When it was stored, by the store's clock. */
  public Instant createdAt() {
    return createdAt;
  }

  /** When it ended, by the store's clock. */
  public Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAt);
  }

  /** When it must have started, by the store's clock; it is given up if it has not. */
  public Optional<Instant> expiresAt() {
    return Optional.ofNullable(expiresAt);
  }

  /** On whose behalf it runs. */
  public Optional<String> tenant() {
    return Optional.ofNullable(tenant);
  }

  /** The version of its payload. */
  public int typeVersion() {
    return typeVersion;
  }

  /** The line whose jobs run one after the other, see {@link JobRequest#fifo}. */
  public Optional<Fifo> fifo() {
    return Optional.ofNullable(fifo);
  }

  /** The limits that it counts against, see {@link JobRequest#limit}. */
  public Set<LimitKey> limits() {
    return limits;
  }

  /** The words to find it by. */
  public Set<String> tags() {
    return tags;
  }

  /** What it waits for, if it is kept out of every claim. */
  public Optional<BlockReason> blockReason() {
    return Optional.ofNullable(blockReason);
  }

  /** Whether it was running on an engine that died, and so runs apart next time. */
  public boolean suspect() {
    return suspect;
  }

  /** Whether its running attempt was asked to end. */
  public boolean cancelRequested() {
    return cancelRequested;
  }

  /** Why it was given up, if it was. */
  public Optional<DeadReason> deadReason() {
    return Optional.ofNullable(deadReason);
  }

  /** The error of its last failed attempt. */
  public Optional<Failure> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  /** Id, type, queue and state. */
  @Override
  public String toString() {
    return "Job[" + id + " " + type + " " + queue + " " + state + " attempt=" + attempt + "]";
  }

  /** Fills a snapshot. Not thread-safe. */
  public static final class Builder {
    private final JobId id;
    private final String type;
    private final JobQueue queue;
    private final JobState state;
    private Priority priority = Priority.NORMAL;
    private int attempt;
    private int crashes;
    private long token;
    private @Nullable Instant runAt;
    private @Nullable Instant createdAt;
    private @Nullable Instant finishedAt;
    private @Nullable Instant expiresAt;
    private @Nullable String tenant;
    private int typeVersion = 1;
    private @Nullable Fifo fifo;
    private Set<LimitKey> limits = Set.of();
    private Set<String> tags = Set.of();
    private @Nullable BlockReason blockReason;
    private boolean suspect;
    private boolean cancelRequested;
    private @Nullable DeadReason deadReason;
    private @Nullable Failure lastFailure;

    private Builder(JobId id, String type, JobQueue queue, JobState state) {
      this.id = id;
      this.type = type;
      this.queue = queue;
      this.state = state;
    }

    /** Sets the urgency. */
    public Builder priority(Priority value) {
      priority = value;
      return this;
    }

    /** Sets the counters. */
    public Builder counts(int attempt, int crashes, long token) {
      this.attempt = attempt;
      this.crashes = crashes;
      this.token = token;
      return this;
    }

    /** Sets the times; {@code finishedAt} is null while the job lives. */
    public Builder times(Instant runAt, Instant createdAt, @Nullable Instant finishedAt) {
      this.runAt = runAt;
      this.createdAt = createdAt;
      this.finishedAt = finishedAt;
      return this;
    }

    /** Sets when it must have started. */
    public Builder expiresAt(@Nullable Instant value) {
      expiresAt = value;
      return this;
    }

    /** Sets the words to find it by. */
    public Builder tags(Set<String> value) {
      tags = Set.copyOf(value);
      return this;
    }

    /** Sets the version of the payload. */
    public Builder typeVersion(int value) {
      typeVersion = value;
      return this;
    }

    /** Sets its line. */
    public Builder fifo(@Nullable Fifo value) {
      fifo = value;
      return this;
    }

    /** Sets the limits that it counts against. */
    public Builder limits(Set<LimitKey> value) {
      limits = Set.copyOf(value);
      return this;
    }

    /** Sets the tenant. */
    public Builder tenant(@Nullable String value) {
      tenant = value;
      return this;
    }

    /** Sets what keeps it out of claims. */
    public Builder blockReason(@Nullable BlockReason value) {
      blockReason = value;
      return this;
    }

    /** Sets the flags. */
    public Builder flags(boolean suspect, boolean cancelRequested) {
      this.suspect = suspect;
      this.cancelRequested = cancelRequested;
      return this;
    }

    /** Sets how it ended or last failed. */
    public Builder failure(@Nullable DeadReason reason, @Nullable Failure failure) {
      deadReason = reason;
      lastFailure = failure;
      return this;
    }

    /** The snapshot; the times must have been set. */
    public Job build() {
      return new Job(this);
    }
  }
}
