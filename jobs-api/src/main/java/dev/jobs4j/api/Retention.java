package dev.jobs4j.api;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long a store keeps what is over: jobs that have ended, by state and queue, failed attempts,
 * and what operators did. Counted by the store's clock, for jobs from their end. A job that has not
 * ended is never deleted. Immutable; take {@link #defaults()} and change what differs.
 *
 * @param states how long jobs are kept in the states that are final
 * @param queues what is different for single queues
 * @param attempts how many failed attempts of a job are kept, the last ones; ≥ 1
 * @param attemptAge how long failed attempts are kept, wherever their job is
 * @param audit how long is kept what operators did
 */
public record Retention(
    Map<JobState, Duration> states,
    Map<JobQueue, Map<JobState, Duration>> queues,
    int attempts,
    Duration attemptAge,
    Duration audit) {

  /** Never deleted. */
  public static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final Retention DEFAULTS = of(Duration.ofDays(7));

  /** Checks the ranges; an error names what is wrong. */
  public Retention {
    states = checked(states, "");
    for (JobState state : JobState.values()) {
      if (state.isTerminal() && !states.containsKey(state)) {
        throw new InvalidJobException("retention of " + state + " jobs must be set");
      }
    }
    Map<JobQueue, Map<JobState, Duration>> own = new LinkedHashMap<>();
    queues.forEach((queue, ages) -> own.put(queue, checked(ages, " of queue " + queue)));
    queues = Map.copyOf(own);
    if (attempts < 1) {
      throw new InvalidJobException("retention of attempts must be >= 1, was " + attempts);
    }
    check("retention of attempts", attemptAge);
    check("retention of the audit", audit);
  }

  /** Keeps what succeeded or was cancelled 7 days, and all else for ever. */
  public static Retention defaults() {
    return DEFAULTS;
  }

  /** Keeps what succeeded or was cancelled so long, and all else for ever. */
  public static Retention of(Duration finished) {
    return new Retention(
        Map.of(JobState.SUCCEEDED, finished, JobState.CANCELLED, finished, JobState.DEAD, FOREVER),
        Map.of(),
        Integer.MAX_VALUE,
        FOREVER,
        FOREVER);
  }

  /** The same, but jobs in this state, which must be final, are kept so long. */
  public Retention keep(JobState state, Duration age) {
    return new Retention(with(states, state, age), queues, attempts, attemptAge, audit);
  }

  /** The same, but jobs of this queue in this state, which must be final, are kept so long. */
  public Retention keep(String queue, JobState state, Duration age) {
    JobQueue name = JobQueue.of(queue);
    Map<JobQueue, Map<JobState, Duration>> changed = new LinkedHashMap<>(queues);
    changed.put(name, with(queues.get(name), state, age));
    return new Retention(states, changed, attempts, attemptAge, audit);
  }

  /** The same, but of each job the last {@code count} failed attempts are kept. */
  public Retention keepAttempts(int count) {
    return new Retention(states, queues, count, attemptAge, audit);
  }

  /** The same, but failed attempts are kept so long, however young their job is. */
  public Retention keepAttempts(Duration age) {
    return new Retention(states, queues, attempts, age, audit);
  }

  /** The same, but what operators did is kept so long. */
  public Retention keepAudit(Duration age) {
    return new Retention(states, queues, attempts, attemptAge, age);
  }

  /** How long jobs are kept in this state, which must be final, where a queue says nothing else. */
  public Duration ageOf(JobState state) {
    Duration age = states.get(state);
    if (age == null) {
      throw notFinal(state);
    }
    return age;
  }

  /** How long jobs of this queue are kept in this state, which must be final. */
  public Duration ageOf(JobQueue queue, JobState state) {
    Duration own = queues.getOrDefault(queue, Map.of()).get(state);
    return own == null ? ageOf(state) : own;
  }

  /** Whether attempts are deleted at all before their job is. */
  public boolean endsAttempts() {
    return attempts < Integer.MAX_VALUE || !attemptAge.equals(FOREVER);
  }

  private static Map<JobState, Duration> with(
      @Nullable Map<JobState, Duration> ages, JobState state, Duration age) {
    Map<JobState, Duration> changed = new EnumMap<>(JobState.class);
    if (ages != null) {
      changed.putAll(ages);
    }
    changed.put(state, age);
    return changed;
  }

  private static Map<JobState, Duration> checked(Map<JobState, Duration> ages, String where) {
    ages.forEach(
        (state, age) -> {
          if (!state.isTerminal()) {
            throw notFinal(state);
          }
          check("retention of " + state + " jobs" + where, age);
        });
    return Map.copyOf(ages);
  }

  private static InvalidJobException notFinal(JobState state) {
    return new InvalidJobException(
        "retention is for SUCCEEDED, CANCELLED and DEAD jobs, was for " + state);
  }

  private static void check(String what, Duration age) {
    if (age.isNegative()) {
      throw new InvalidJobException(what + " must not be negative, was " + age);
    }
    if (age.compareTo(LONGEST) > 0 && !age.equals(FOREVER)) {
      throw new InvalidJobException(
          what + " must be at most " + LONGEST + " or Retention.FOREVER, was " + age);
    }
  }
}
