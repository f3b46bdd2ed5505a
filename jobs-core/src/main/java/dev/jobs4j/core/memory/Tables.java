package dev.jobs4j.core.memory;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.WaitRule;
import dev.jobs4j.spi.WaitRule.Effect;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All areas of the store and the moves of a job between them; each move leaves them consistent.
 * Guarded by the store's lock.
 */
final class Tables {

  final Map<JobId, Row> rows = new HashMap<>();
  final Map<EngineId, EngineRow> engines = new LinkedHashMap<>();
  final Map<JobQueue, TreeMap<JobId, Row>> dead = new HashMap<>();
  final Keys keys = new Keys();
  final Limits limits = new Limits();

  private final Map<JobQueue, Line> lines = new HashMap<>();
  final Waits waits = new Waits();
  final FifoLines fifos = new FifoLines();

  /** Succeeded and cancelled jobs, the oldest first; one that is no longer in rows is no more. */
  private final ArrayDeque<Row> history = new ArrayDeque<>();

  /**
   * Jobs that must have started by some time, the earliest first. Those that run have left it once
   * their time was over, and come again if they wait again.
   */
  private final PriorityQueue<Row> expiring =
      new PriorityQueue<>(Comparator.comparingLong((Row row) -> row.expiresAt));

  private final int historyLimit;

  Tables(int historyLimit) {
    this.historyLimit = historyLimit;
  }

  /** Stores a job: pending, or waiting for those of its parents that have not succeeded. */
  void enter(Row row) {
    rows.put(row.id(), row);
    takeKey(row);
    row.job.parents().forEach((parent, rule) -> waitFor(row, parent, rule, Effect.STAY));
    fifos.join(row);
    line(row);
    boolean calledOff =
        row.job.parents().entrySet().stream()
            .anyMatch(parent -> effect(parent.getKey(), parent.getValue()) == Effect.CANCEL);
    if (calledOff) { // while its transaction was open
      cancel(row, row.createdAt);
    }
  }

  /** Lets a dead or cancelled job live again; it waits for a parent that may live again too. */
  void revive(Row row, long runAt) {
    forget(row);
    Row reborn = row.reborn(runAt);
    rows.put(reborn.id(), reborn);
    takeKey(reborn);
    reborn.job.parents().forEach((parent, rule) -> waitFor(reborn, parent, rule, Effect.CANCEL));
    fifos.standIn(row, reborn);
    line(reborn);
  }

  private void takeKey(Row row) {
    UniqueKey key = row.job.uniqueKey();
    if (key != null) {
      keys.take(key, row.id(), row.createdAt);
    }
  }

  private Effect effect(JobId parent, WaitRule rule) {
    Row found = rows.get(parent);
    return found == null ? Effect.RELEASE : rule.onEnd(found.state);
  }

  private void waitFor(Row row, JobId parent, WaitRule rule, Effect most) {
    Effect effect = effect(parent, rule);
    if (effect == Effect.STAY || effect == most) {
      waits.wait(row, parent, rule);
    }
  }

  /** Lets a pending row be claimed when it is due, unless it waits, and expire. */
  private void line(Row row) {
    if (row.expiresAt != Micros.NEVER && !row.expiring) {
      row.expiring = true;
      expiring.add(row);
    }
    if (!row.isWaiting()) {
      line(row.job.queue()).add(row);
    }
  }

  /** Takes a pending row out of every claim; {@link #replace} must follow. */
  void supersede(Row row) {
    row.superseded = true;
    if (!row.isWaiting()) {
      lineOf(row).calledOff(row);
    }
  }

  /** Puts a changed row into the place of one that was superseded. */
  void replace(Row old, Row changed, long enqueuedAt) {
    rows.put(changed.id(), changed);
    waits.replace(old, changed);
    fifos.standIn(old, changed);
    UniqueKey key = changed.job.uniqueKey();
    if (key != null) {
      keys.take(key, changed.id(), enqueuedAt);
    }
    line(changed);
  }

  /**
   * The pending jobs that should have started by now, at most {@code limit}; they leave the list.
   */
  List<Row> expired(long now, int limit) {
    List<Row> expired = new ArrayList<>();
    while (expired.size() < limit && !expiring.isEmpty() && expiring.peek().isExpired(now)) {
      Row row = expiring.remove();
      row.expiring = false;
      if (row.state == JobState.PENDING && !row.superseded) {
        expired.add(row);
      }
    }
    return expired;
  }

  Line line(JobQueue queue) {
    return lines.computeIfAbsent(queue, name -> new Line());
  }

  /** Where a pending job that waits for no parent is to be found. */
  Line lineOf(Row row) {
    LimitKey key = row.parkedOn;
    return key == null ? line(row.job.queue()) : limits.line(row, key);
  }

  /** Takes a running job from its engine; whoever calls says what it becomes. */
  void leaveEngine(Row row) {
    EngineRow engine = row.engine;
    if (engine != null) {
      engine.drop(row);
      limits.release(row);
      forgetIfOver(engine);
    }
  }

  /** A fenced engine goes once nothing names it. */
  void forgetIfOver(EngineRow engine) {
    if (!engine.live && engine.running.isEmpty()) {
      engines.remove(engine.info.id());
    }
  }

  /** Puts a job that has left its engine back into its line. */
  void putBack(Row row, long runAt) {
    row.state = JobState.PENDING;
    row.runAt = runAt;
    line(row);
  }

  void succeed(Row row, @Nullable Payload result, long now) {
    row.result = result;
    end(row, JobState.SUCCEEDED, now);
    remember(row);
    letGo(row, rule -> rule.onEnd(JobState.SUCCEEDED), now);
  }

  /** A parent has ended or is gone: releases and cancels those that waited for that, and so on. */
  private void letGo(Row ended, Function<WaitRule, Effect> effects, long now) {
    release(ended, effects);
    Deque<Row> cancelled = new ArrayDeque<>(waits.letGo(ended.id(), effects, Effect.CANCEL));
    while (!cancelled.isEmpty()) {
      Row row = cancelled.poll();
      if (row.state == JobState.PENDING) {
        end(row, JobState.CANCELLED, now);
        remember(row);
        Function<WaitRule, Effect> next = rule -> rule.onEnd(JobState.CANCELLED);
        release(row, next);
        cancelled.addAll(waits.letGo(row.id(), next, Effect.CANCEL));
      }
      waits.stop(row);
    }
  }

  private void release(Row ended, Function<WaitRule, Effect> effects) {
    for (Row child : waits.letGo(ended.id(), effects, Effect.RELEASE)) {
      if (child.waitNoMoreFor(ended.id()) && child.state == JobState.PENDING) {
        release(child);
      }
    }
  }

  /** Something that it waited for is over; it may wait for something else. */
  private void release(@Nullable Row row) {
    if (row != null && row.state == JobState.PENDING && !row.superseded && !row.isWaiting()) {
      line(row.job.queue()).add(row);
    }
  }

  void cancel(Row row, long now) {
    boolean inLane = row.state == JobState.PENDING && !row.isWaiting();
    end(row, JobState.CANCELLED, now);
    if (inLane) {
      lineOf(row).calledOff(row);
      row.parkedOn = null;
    }
    remember(row);
    letGo(row, rule -> rule.onEnd(JobState.CANCELLED), now);
    waits.stop(row);
  }

  /** Takes a pending job that has not started in time out of its line; it must die then. */
  void giveUp(Row row) {
    if (!row.isWaiting()) {
      lineOf(row).calledOff(row);
      row.parkedOn = null;
    }
  }

  void die(Row row, DeadReason reason, Failure failure, long now) {
    row.deadReason = reason;
    row.lastFailure = failure;
    row.fingerprint = failure.fingerprint();
    end(row, JobState.DEAD, now);
    dead.computeIfAbsent(row.job.queue(), queue -> new TreeMap<>()).put(row.id(), row);
    letGo(row, rule -> rule.onEnd(JobState.DEAD), now);
  }

  /** Deletes a job that has ended, for good. */
  void delete(Row row, long now) {
    forget(row);
    letGo(row, WaitRule::onDelete, now);
    release(fifos.leave(row));
  }

  /** Takes a job that has ended out; its key stays for its window, its history entry goes stale. */
  void forget(Row row) {
    rows.remove(row.id());
    TreeMap<JobId, Row> letters = dead.get(row.job.queue());
    if (letters != null) {
      letters.remove(row.id());
    }
  }

  /** At most {@code limit} jobs that have ended and are {@code over}. */
  List<Row> ended(Predicate<Row> over, int limit) {
    history.removeIf(row -> rows.get(row.id()) != row);
    return Stream.concat(
            history.stream(), dead.values().stream().flatMap(letters -> letters.values().stream()))
        .filter(over)
        .limit(limit)
        .toList();
  }

  private void end(Row row, JobState state, long now) {
    row.state = state;
    row.finishedAt = now;
    UniqueKey key = row.job.uniqueKey();
    if (key != null) {
      keys.end(key, row.id(), now);
    }
    Fifo fifo = row.job.fifo();
    if (fifo != null && (state != JobState.DEAD || fifo.onDead() == Fifo.OnDead.SKIP)) {
      release(fifos.leave(row));
    }
  }

  private void remember(Row row) {
    history.addLast(row);
    if (history.size() > historyLimit) {
      Row oldest = history.removeFirst();
      if (rows.get(oldest.id()) == oldest) {
        delete(oldest, oldest.finishedAt);
      }
    }
  }
}
