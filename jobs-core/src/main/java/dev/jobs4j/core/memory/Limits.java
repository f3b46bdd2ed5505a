package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.LimitKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The limits, what is taken of them, and the jobs that wait for each key: due jobs that a claim has
 * met while it was shut. Guarded by the store's lock.
 */
final class Limits {

  private static final int SWEPT_FROM = 1_000;

  private final Map<JobQueue, Long> lookedAt = new HashMap<>();

  /** Whether any job was ever held back. */
  boolean met;

  private int sweepFrom = SWEPT_FROM;
  final Map<String, JobLimit> rules = new TreeMap<>();
  private final Map<LimitKey, Permits> permits = new HashMap<>();
  private final Map<JobQueue, Map<LimitKey, Line>> waiting = new HashMap<>();

  /** The lines of the keys that would let a job of this queue start now. */
  Map<LimitKey, Line> open(JobQueue queue, long now) {
    lookedAt.put(queue, now);
    Map<LimitKey, Line> open = new HashMap<>();
    waiting(queue)
        .forEach(
            (key, line) -> {
              if (opensAt(key) <= now) {
                open.put(key, line);
              }
            });
    return open;
  }

  /** When the first key opens, or has since a claim has looked, by its rate; or null. */
  @Nullable Long opensAt(JobQueue queue) {
    long looked = lookedAt.getOrDefault(queue, Long.MIN_VALUE);
    return waiting(queue).keySet().stream()
        .map(this::opensAt)
        .filter(time -> time > looked && time != Permits.UNTIL_ONE_ENDS)
        .min(Long::compare)
        .orElse(null);
  }

  /** Of the keys of a job the first one that is shut, or null if it may start. */
  @Nullable LimitKey shut(Row row, long now) {
    for (LimitKey key : row.job.limits()) {
      if (opensAt(key) > now) {
        return key;
      }
    }
    return null;
  }

  /** When a key lets another job start; {@link Permits#UNTIL_ONE_ENDS} if one must end first. */
  long opensAt(LimitKey key) {
    Permits of = permits.get(key);
    return of == null ? Long.MIN_VALUE : of.opensAt(rules.get(key.limit()));
  }

  /** Takes a permit of each key. */
  void take(Row row, long now) {
    for (LimitKey key : row.job.limits()) {
      permits.computeIfAbsent(key, name -> new Permits()).take(rules.get(key.limit()), now);
    }
  }

  /** Gives back what a job has taken that runs no more. */
  void release(Row row) {
    for (LimitKey key : row.job.limits()) {
      Permits taken = permits.get(key);
      if (taken != null) {
        taken.running--;
      }
    }
  }

  /** Lets a pending job wait for a key. */
  void park(Row row, LimitKey key) {
    met = true;
    row.parkedOn = key;
    waiting(row.job.queue()).computeIfAbsent(key, name -> new Line()).add(row);
  }

  /** The line in which a job waits for a key. */
  Line line(Row row, LimitKey key) {
    return waiting(row.job.queue()).computeIfAbsent(key, name -> new Line());
  }

  /** Forgets what says nothing any more, of the keys that a claim found open. */
  void sweep(JobQueue queue, Set<LimitKey> open, long now) {
    for (LimitKey key : open) {
      waiting(queue).computeIfPresent(key, (name, line) -> line.isEmpty() ? null : line);
    }
    if (permits.size() > sweepFrom) {
      permits.values().removeIf(of -> of.isIdle(now));
      sweepFrom = Math.max(SWEPT_FROM, 2 * permits.size());
    }
  }

  /** Keeps a rule; the rate of one that has changed begins anew. */
  void define(JobLimit rule) {
    if (!rule.equals(rules.put(rule.name(), rule))) {
      permits.forEach(
          (key, taken) -> {
            if (key.limit().equals(rule.name())) {
              taken.beginAnew();
            }
          });
    }
  }

  /** Forgets what was taken of these keys, for tests that damage the store on purpose. */
  void forget(Set<LimitKey> keys) {
    permits.keySet().removeAll(keys);
  }

  int running(LimitKey key) {
    Permits of = permits.get(key);
    return of == null ? 0 : of.running;
  }

  List<JobLimit> list() {
    return new ArrayList<>(rules.values());
  }

  private Map<LimitKey, Line> waiting(JobQueue queue) {
    return waiting.computeIfAbsent(queue, name -> new HashMap<>());
  }
}
