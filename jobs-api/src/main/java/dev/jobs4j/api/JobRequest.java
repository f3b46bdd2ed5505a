package dev.jobs4j.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A wish to run one job. Immutable: each method returns a changed copy, and a wrong value is
 * refused where it is said, by an {@link InvalidJobException} that names it. What the queue's
 * backend cannot do is refused at enqueue, never ignored.
 *
 * @param <P> the payload
 */
public final class JobRequest<P> {

  private final JobType<P> type;
  private final P payload;
  private final @Nullable JobId id;
  private final @Nullable JobQueue queue;
  private final Due due;
  private final Priority priority;
  private final @Nullable UniqueKey uniqueKey;
  private final @Nullable String tenant;
  private final @Nullable Integer maxAttempts;
  private final List<JobId> after;

  private JobRequest(
      JobType<P> type,
      P payload,
      @Nullable JobId id,
      @Nullable JobQueue queue,
      Due due,
      Priority priority,
      @Nullable UniqueKey uniqueKey,
      @Nullable String tenant,
      @Nullable Integer maxAttempts,
      List<JobId> after) {
    this.type = Objects.requireNonNull(type, "type");
    this.payload = Objects.requireNonNull(payload, "payload");
    this.id = id;
    this.queue = queue;
    this.due = due;
    this.priority = priority;
    this.uniqueKey = uniqueKey;
    this.tenant = tenant;
    this.maxAttempts = maxAttempts;
    this.after = List.copyOf(after);
  }

  /** A request to run one job of {@code type}, at once, in the type's queue. */
  public static <P> JobRequest<P> of(JobType<P> type, P payload) {
    return new JobRequest<>(
        type, payload, null, null, Due.now(), Priority.NORMAL, null, null, null, List.of());
  }

  /**
   * Uses this id instead of a new one, so that the same enqueue can be repeated: a job that is
   * still known under the id is returned as {@link Enqueued.Existing}.
   */
  public JobRequest<P> id(JobId value) {
    return new JobRequest<>(
        type, payload, value, queue, due, priority, uniqueKey, tenant, maxAttempts, after);
  }

  /** Puts the job into this queue. */
  public JobRequest<P> queue(String name) {
    return new JobRequest<>(
        type, payload, id, JobQueue.of(name), due, priority, uniqueKey, tenant, maxAttempts, after);
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
    return new JobRequest<>(
        type, payload, id, queue, value, priority, uniqueKey, tenant, maxAttempts, after);
  }

  /** Sets how urgent the job is within its queue. */
  public JobRequest<P> priority(Priority value) {
    return new JobRequest<>(
        type, payload, id, queue, due, value, uniqueKey, tenant, maxAttempts, after);
  }

  /** Stores nothing while another job that has not ended holds {@code key}. */
  public JobRequest<P> uniqueKey(String key) {
    return uniqueKey(key, Duration.ZERO);
  }

  /** Stores nothing while another job holds {@code key}, at least for {@code window}. */
  public JobRequest<P> uniqueKey(String key, Duration window) {
    return new JobRequest<>(
        type,
        payload,
        id,
        queue,
        due,
        priority,
        new UniqueKey(key, window),
        tenant,
        maxAttempts,
        after);
  }

  /** Says on whose behalf the job runs: 1 to 120 characters. */
  public JobRequest<P> tenant(String value) {
    if (value.isBlank() || value.length() > 120 || value.indexOf('\0') >= 0) {
      throw new InvalidJobException(
          "tenant must have 1 to 120 characters and no NUL, was \"" + value + "\"");
    }
    return new JobRequest<>(
        type, payload, id, queue, due, priority, uniqueKey, value, maxAttempts, after);
  }

  /** Allows this job so many attempts instead of what its handler's policy says. */
  public JobRequest<P> maxAttempts(int value) {
    if (value < 1) {
      throw new InvalidJobException("maxAttempts must be >= 1, was " + value);
    }
    return new JobRequest<>(
        type, payload, id, queue, due, priority, uniqueKey, tenant, value, after);
  }

  /**
   * Keeps the job waiting until all these jobs of the same store have succeeded. While it waits it
   * is in no claim and costs nothing. If one of them dies or is cancelled it waits on, until that
   * one is requeued and succeeds, or this one is cancelled.
   */
  public JobRequest<P> after(JobId... parents) {
    return new JobRequest<>(
        type,
        payload,
        id,
        queue,
        due,
        priority,
        uniqueKey,
        tenant,
        maxAttempts,
        Arrays.stream(parents).distinct().toList());
  }

  /** The kind of job. */
  public JobType<P> type() {
    return type;
  }

  /** What the handler gets. */
  public P payload() {
    return payload;
  }

  /** The caller's own id, if one was given. */
  public Optional<JobId> id() {
    return Optional.ofNullable(id);
  }

  /** The queue that was asked for, if any. */
  public Optional<JobQueue> queue() {
    return Optional.ofNullable(queue);
  }

  /** When it may start. */
  public Due due() {
    return due;
  }

  /** How urgent it is. */
  public Priority priority() {
    return priority;
  }

  /** What keeps a second one out. */
  public Optional<UniqueKey> uniqueKey() {
    return Optional.ofNullable(uniqueKey);
  }

  /** On whose behalf it runs. */
  public Optional<String> tenant() {
    return Optional.ofNullable(tenant);
  }

  /** The attempts it is allowed, if not what the handler's policy says. */
  public OptionalInt maxAttempts() {
    return maxAttempts == null ? OptionalInt.empty() : OptionalInt.of(maxAttempts);
  }

  /** The jobs it waits for, without repeats. */
  public List<JobId> after() {
    return after;
  }
}
