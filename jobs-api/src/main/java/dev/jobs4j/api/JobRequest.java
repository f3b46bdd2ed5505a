package dev.jobs4j.api;

import dev.jobs4j.api.UniqueKey.OnConflict;
import dev.jobs4j.api.retry.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A wish to run one job. Immutable: each method returns a changed copy, and a wrong value is
 * refused where it is said, by an {@link InvalidJobException} that names it. What the queue's
 * backend cannot do is refused at enqueue, never ignored.
 *
 * @param <P> the payload
 */
public final class JobRequest<P> {

  /** The most tags that one job may carry. */
  public static final int MAX_TAGS = 20;

  /** The most limits that one job may count against. */
  public static final int MAX_LIMITS = 8;

  private static final Pattern TAG = Pattern.compile("[^\\s\\p{Cntrl}]{1,60}");

  private final Draft<P> parts;

  private JobRequest(Draft<P> parts) {
    this.parts = parts;
  }

  /** A request to run one job of {@code type}, at once, in the type's queue. */
  public static <P> JobRequest<P> of(JobType<P> type, P payload) {
    return new JobRequest<>(
        new Draft<>(
            Objects.requireNonNull(type, "type"), Objects.requireNonNull(payload, "payload")));
  }

  /**
   * Uses this id instead of a new one, so that the same enqueue can be repeated: a job that is
   * still known under the id is returned as {@link Enqueued.Existing}.
   */
  public JobRequest<P> id(JobId value) {
    return with(draft -> draft.id = value);
  }

  /** Puts the job into this queue. */
  public JobRequest<P> queue(String name) {
    JobQueue value = JobQueue.of(name);
    return with(draft -> draft.queue = value);
  }

  /** Starts the job no sooner than {@code delay} after it was stored. */
  public JobRequest<P> delay(Duration delay) {
    return due(new Due.In(delay));
  }

  /** Starts the job no sooner than {@code instant} by the store's clock. */
  public JobRequest<P> at(Instant instant) {
    return due(new Due.At(instant));
  }

  private JobRequest<P> due(Due value) {
    if (parts.debounced) {
      throw notBoth();
    }
    return with(draft -> draft.due = value);
  }

  private static InvalidJobException notBoth() {
    return new InvalidJobException(
        "delay and at cannot be had together with debounce, whose quiet time says when the job"
            + " starts");
  }

  /**
   * Gives the job up if it has not started {@code age} after it was stored: it becomes a dead
   * letter with {@link DeadReason#EXPIRED}. Holds for every attempt, retries included.
   */
  public JobRequest<P> expireAfter(Duration age) {
    if (age.isZero()) {
      throw new InvalidJobException("expireAfter must be more than 0, was " + age);
    }
    Due value = new Due.In(age);
    return with(draft -> draft.expires = value);
  }

  /** Gives the job up if it has not started by {@code instant}; see {@link #expireAfter}. */
  public JobRequest<P> expireAt(Instant instant) {
    return with(draft -> draft.expires = new Due.At(instant));
  }

  /** Sets how urgent the job is within its queue. */
  public JobRequest<P> priority(Priority value) {
    return with(draft -> draft.priority = value);
  }

  /** Stores nothing while another job that has not ended holds {@code key}. */
  public JobRequest<P> uniqueKey(String key) {
    return uniqueKey(key, Duration.ZERO);
  }

  /** Stores nothing while another job holds {@code key}, at least for {@code window}. */
  public JobRequest<P> uniqueKey(String key, Duration window) {
    return uniqueKey(new UniqueKey(key, window));
  }

  /** Takes {@code key}, or does what it says if another job has it. */
  public JobRequest<P> uniqueKey(UniqueKey key) {
    return with(
        draft -> {
          draft.uniqueKey = key;
          draft.due = draft.debounced ? Due.now() : draft.due;
          draft.debounced = false;
        });
  }

  /**
   * Takes {@code key}; a job that waits under it gets this payload instead and keeps its place: see
   * {@link OnConflict#REPLACE}.
   */
  public JobRequest<P> replace(String key) {
    return uniqueKey(new UniqueKey(key, Duration.ZERO, OnConflict.REPLACE));
  }

  /**
   * Runs once it has been quiet for {@code quiet}: a job that waits under {@code key} gets this
   * payload instead and starts no sooner than {@code quiet} from now. There is no longest wait:
   * enqueues that keep coming put it off for ever. Not with {@link #delay} or {@link #at}. See
   * {@link OnConflict#DEBOUNCE}.
   */
  public JobRequest<P> debounce(String key, Duration quiet) {
    if (!parts.debounced && !parts.due.equals(Due.now())) {
      throw notBoth();
    }
    Due value = new Due.In(quiet);
    return uniqueKey(new UniqueKey(key, Duration.ZERO, OnConflict.DEBOUNCE))
        .with(
            draft -> {
              draft.due = value;
              draft.debounced = true;
            });
  }

  /** Says on whose behalf the job runs: 1 to 120 characters. */
  public JobRequest<P> tenant(String value) {
    if (value.isBlank() || value.length() > 120 || value.indexOf('\0') >= 0) {
      throw new InvalidJobException(
          "tenant must have 1 to 120 characters and no NUL, was \"" + value + "\"");
    }
    return with(draft -> draft.tenant = value);
  }

  /**
   * Words that travel with the job, by which {@link DeadLetterFilter} finds it among the dead
   * letters: at most {@value #MAX_TAGS}, each of 1 to 60 characters without blanks.
   */
  public JobRequest<P> tags(String... values) {
    for (String tag : values) {
      if (!TAG.matcher(tag).matches()) {
        throw new InvalidJobException(
            "tag must have 1 to 60 characters and no blanks, was \"" + tag + "\"");
      }
    }
    Set<String> distinct = new LinkedHashSet<>(Arrays.asList(values));
    if (distinct.size() > MAX_TAGS) {
      throw new InvalidJobException(
          "a job may carry at most " + MAX_TAGS + " tags, had " + distinct.size());
    }
    return with(draft -> draft.tags = Set.copyOf(distinct));
  }

  /** Counts the job against the one key of this limit: {@link #limit(String, String)} without. */
  public JobRequest<P> limit(String name) {
    return limit(name, "");
  }

  /**
   * Counts the job against {@code key} of the {@link JobLimit} of this name; may be called for
   * several. The job starts once all of them let it; while it waits it holds no thread, no
   * connection and none of the others' permits. A limit that the store does not know is refused at
   * enqueue: one that was removed at once on the node that removed it, within seconds on others. At
   * most {@value #MAX_LIMITS}.
   */
  public JobRequest<P> limit(String name, String key) {
    Set<LimitKey> all = new LinkedHashSet<>(parts.limits);
    all.add(new LimitKey(name, key));
    if (all.size() > MAX_LIMITS) {
      throw new InvalidJobException("a job may count against at most " + MAX_LIMITS + " limits");
    }
    return with(draft -> draft.limits = Set.copyOf(all));
  }

  /** Allows this job so many attempts instead of what its handler's policy says. */
  public JobRequest<P> maxAttempts(int value) {
    if (value < 1) {
      throw new InvalidJobException("maxAttempts must be >= 1, was " + value);
    }
    return with(draft -> draft.maxAttempts = value);
  }

  /**
   * Waits like this between the attempts instead of what its handler's policy says; a {@link
   * Backoff} that only code can tell ({@link Backoff#text} is empty) cannot travel with a job.
   */
  public JobRequest<P> backoff(Backoff value) {
    if (value.text().isEmpty()) {
      throw new InvalidJobException(
          "backoff must be constant, linear or exponential to travel with a job; a custom one"
              + " belongs into the retry policy of the handler");
    }
    return with(draft -> draft.backoff = value);
  }

  /** Lets an attempt of this job take at most so long, instead of what its handler says. */
  public JobRequest<P> timeout(Duration value) {
    if (value.isZero() || value.isNegative() || value.compareTo(Backoff.LONGEST) > 0) {
      throw new InvalidJobException(
          "timeout must be more than 0 and at most " + Backoff.LONGEST + ", was " + value);
    }
    return with(draft -> draft.timeout = value);
  }

  /**
   * Says how much must have happened before the enqueue returns. Within a caller's transaction that
   * is the business of its commit, so anything but {@link Durability#DEFAULT} is refused there. In
   * one call for several jobs the strongest wish holds for all.
   */
  public JobRequest<P> durability(Durability value) {
    return with(draft -> draft.durability = value);
  }

  /**
   * Keeps the job waiting until all these jobs of the same store have succeeded. While it waits it
   * is in no claim and costs nothing. If one of them dies it waits on, until that one is requeued
   * and succeeds; if one is cancelled, or deleted as a dead letter, it is cancelled too. A job of
   * the same call must come before it; one that was not stored, since its unique key is taken, is
   * refused here with the id of the holder. In a transaction of the caller a parent that runs
   * cannot end before that does, so commit soon.
   */
  public JobRequest<P> after(JobId... parents) {
    return with(draft -> draft.after = Arrays.stream(parents).distinct().toList());
  }

  /**
   * Keeps the job waiting until all these jobs of the same store have ended, however they end: for
   * one that sums up, or cleans up.
   */
  public JobRequest<P> afterEnd(JobId... parents) {
    return with(draft -> draft.afterEnd = Arrays.stream(parents).distinct().toList());
  }

  /** Stands in the line of {@code key}; if it dies it blocks those behind it. */
  public JobRequest<P> fifo(String key) {
    return fifo(key, Fifo.OnDead.BLOCK);
  }

  /**
   * Stands in the line of {@code key}: it runs once all jobs before it in that line have ended,
   * retries included, in whatever queues of the same store they are. The order is that of the
   * commits of the enqueues: one that finds another of the same key uncommitted waits for it, and
   * so does the end of a job of that line, so commit soon. Jobs named in {@link #after} are waited
   * for in the line, and hold up those behind this one: do not name a job that stands behind it. A
   * cancelled job is passed; a job that was passed and is requeued goes to the end. One that is
   * replaced under its unique key keeps its line and its place. Blocked lines are listed by {@link
   * DeadLetters#blockedLines}.
   */
  public JobRequest<P> fifo(String key, Fifo.OnDead onDead) {
    Fifo value = new Fifo(key, onDead);
    return with(draft -> draft.fifo = value);
  }

  private JobRequest<P> with(Consumer<Draft<P>> change) {
    Draft<P> copy = new Draft<>(parts);
    change.accept(copy);
    return new JobRequest<>(copy);
  }

  /** The kind of job. */
  public JobType<P> type() {
    return parts.type;
  }

  /** What the handler gets. */
  public P payload() {
    return parts.payload;
  }

  /** The caller's own id, if one was given. */
  public Optional<JobId> id() {
    return Optional.ofNullable(parts.id);
  }

  /** The queue that was asked for, if any. */
  public Optional<JobQueue> queue() {
    return Optional.ofNullable(parts.queue);
  }

  /** When it may start. */
  public Due due() {
    return parts.due;
  }

  /** When it must have started. */
  public Optional<Due> expires() {
    return Optional.ofNullable(parts.expires);
  }

  /** How urgent it is. */
  public Priority priority() {
    return parts.priority;
  }

  /** What keeps a second one out. */
  public Optional<UniqueKey> uniqueKey() {
    return Optional.ofNullable(parts.uniqueKey);
  }

  /** On whose behalf it runs. */
  public Optional<String> tenant() {
    return Optional.ofNullable(parts.tenant);
  }

  /** The words that travel with it. */
  public Set<String> tags() {
    return parts.tags;
  }

  /** The limits it counts against. */
  public Set<LimitKey> limits() {
    return parts.limits;
  }

  /** The attempts it is allowed, if not what the handler's policy says. */
  public OptionalInt maxAttempts() {
    Integer value = parts.maxAttempts;
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  /** The wait between its attempts, if not what the handler's policy says. */
  public Optional<Backoff> backoff() {
    return Optional.ofNullable(parts.backoff);
  }

  /** The longest an attempt may take, if not what the handler says. */
  public Optional<Duration> timeout() {
    return Optional.ofNullable(parts.timeout);
  }

  /** How much must have happened before the enqueue returns. */
  public Durability durability() {
    return parts.durability;
  }

  /** The jobs that must succeed first, without repeats. */
  public List<JobId> after() {
    return parts.after;
  }

  /** The jobs that must have ended first, without repeats. */
  public List<JobId> afterEnd() {
    return parts.afterEnd;
  }

  /** The line it stands in. */
  public Optional<Fifo> fifo() {
    return Optional.ofNullable(parts.fifo);
  }
}
