package dev.jobs4j.api.schedule;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A job that runs again and again: a name, a {@link Schedule} and the request that each firing
 * enqueues. Immutable: each method returns a changed copy, and a wrong value is refused where it is
 * said, by an {@link InvalidJobException} that names it.
 *
 * <pre>{@code
 * RecurringJob.of("nightly-archive", cron("0 3 * * *", ZoneId.of("Europe/Moscow")), ARCHIVE, payload)
 *     .misfire(Misfire.runAll(7))
 *     .jitter(Duration.ofMinutes(5))
 * }</pre>
 *
 * @param <P> the payload
 */
public final class RecurringJob<P> {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}");
  private static final int MAX_DESCRIPTION = 500;
  private static final Duration MAX_JITTER = Duration.ofDays(1);

  private final String name;
  private final Schedule schedule;
  private final JobRequest<P> request;
  private final Misfire misfire;
  private final Overlap overlap;
  private final Duration jitter;
  private final @Nullable String description;

  private RecurringJob(
      String name,
      Schedule schedule,
      JobRequest<P> request,
      Misfire misfire,
      Overlap overlap,
      Duration jitter,
      @Nullable String description) {
    this.name = name;
    this.schedule = Objects.requireNonNull(schedule, "schedule");
    this.request = request;
    this.misfire = Objects.requireNonNull(misfire, "misfire");
    this.overlap = Objects.requireNonNull(overlap, "overlap");
    this.jitter = jitter;
    this.description = description;
  }

  /** Runs {@code type} with the same payload each time, in the type's queue. */
  public static <P> RecurringJob<P> of(String name, Schedule schedule, JobType<P> type, P payload) {
    return of(name, schedule, type.request(payload));
  }

  /**
   * Enqueues {@code request} at each firing; what it says of queue, priority, tenant, tags, expiry
   * after a while and the like holds for every run.
   *
   * <p>The schedule gives each run its time and its identity, so that a request with an id, a
   * delay, an instant to start or to expire at, a unique key or jobs to wait for is refused.
   *
   * @param name what the recurring job is known by in its store: 1 to 120 of {@code A-Z a-z 0-9 . _
   *     : / -}, starting with a letter or digit
   */
  public static <P> RecurringJob<P> of(String name, Schedule schedule, JobRequest<P> request) {
    refuseWrong(name, request);
    return new RecurringJob<>(
        name, schedule, request, Misfire.RUN_ONCE, Overlap.SKIP, Duration.ZERO, null);
  }

  private static void refuseWrong(String name, JobRequest<?> request) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidJobException(
          "recurring job's name must be 1 to 120 of A-Z a-z 0-9 . _ : / - and start with a letter"
              + " or digit, was \""
              + name
              + "\"");
    }
    refuse(name, "id", request.id().isPresent());
    refuse(name, "delay or instant", !request.due().equals(Due.now()));
    refuse(name, "expireAt", request.expires().filter(Due.At.class::isInstance).isPresent());
    refuse(name, "uniqueKey", request.uniqueKey().isPresent());
    refuse(name, "after", !request.after().isEmpty());
    refuse(name, "afterEnd", !request.afterEnd().isEmpty());
  }

  private static void refuse(String name, String what, boolean isThere) {
    if (isThere) {
      throw new InvalidJobException(
          "the request of recurring job \"" + name + "\" must have no " + what);
    }
  }

  /**
   * Enqueues {@code value} instead; what {@link #of(String, Schedule, JobRequest)} refuses is
   * refused.
   */
  public RecurringJob<P> request(JobRequest<P> value) {
    refuseWrong(name, value);
    return new RecurringJob<>(name, schedule, value, misfire, overlap, jitter, description);
  }

  /** What becomes of missed firings; {@link Misfire#RUN_ONCE} if it is not said. */
  public RecurringJob<P> misfire(Misfire value) {
    return new RecurringJob<>(name, schedule, request, value, overlap, jitter, description);
  }

  /** What a firing does while an earlier run lasts; {@link Overlap#SKIP} if it is not said. */
  public RecurringJob<P> overlap(Overlap value) {
    return new RecurringJob<>(name, schedule, request, misfire, value, jitter, description);
  }

  /**
   * Starts each run at random up to so much later than it fires, to part what would start all at
   * once. The firing itself, and with it the firings after it, stays where it is.
   *
   * @param value zero, which is the default, to one day
   */
  public RecurringJob<P> jitter(Duration value) {
    if (value.isNegative() || value.compareTo(MAX_JITTER) > 0) {
      throw new InvalidJobException("jitter must be 0 to " + MAX_JITTER + ", was " + value);
    }
    return new RecurringJob<>(name, schedule, request, misfire, overlap, value, description);
  }

  /** Says in words what it is for: 1 to 500 characters. */
  public RecurringJob<P> description(String value) {
    if (value.isBlank() || value.length() > MAX_DESCRIPTION || value.indexOf('\0') >= 0) {
      throw new InvalidJobException(
          "description must have 1 to "
              + MAX_DESCRIPTION
              + " characters and no NUL, had "
              + value.length());
    }
    return new RecurringJob<>(name, schedule, request, misfire, overlap, jitter, value);
  }

  /** What it is known by in its store. */
  public String name() {
    return name;
  }

  /** When it fires. */
  public Schedule schedule() {
    return schedule;
  }

  /** What each firing enqueues. */
  public JobRequest<P> request() {
    return request;
  }

  /** What becomes of missed firings. */
  public Misfire misfire() {
    return misfire;
  }

  /** What a firing does while an earlier run lasts. */
  public Overlap overlap() {
    return overlap;
  }

  /** How much later than its firing a run may start. */
  public Duration jitter() {
    return jitter;
  }

  /** What it is for, if that was said. */
  public Optional<String> description() {
    return Optional.ofNullable(description);
  }

  /** The name, the schedule and the job type; no payload. */
  @Override
  public String toString() {
    return name + ": " + schedule + " " + request.type().name();
  }
}
