package dev.jobs4j.core.memory;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
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

  private final Map<JobQueue, Line> lines = new HashMap<>();
  final Waits waits = new Waits();

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
    UniqueKey key = row.job.uniqueKey();
    if (key != null) {
      keys.take(key, row.id(), row.createdAt);
    }
    row.job.parents().forEach((parent, rule) -> waitFor(row, parent, rule));
    Fifo fifo = row.job.fifo();
    JobId predecessor = row.predecessor;
    if (fifo != null && predecessor != null) {
      standBehind(row, predecessor, WaitRule.of(fifo.onDead()));
    }
    line(row);
  }

  /** Behind a job that ended in its line without a start stands who stood behind it. */
  private void standBehind(Row row, JobId last, WaitRule rule) {
    Row before = rows.get(last);
    while (before != null
        && before.token == 0
        && before.predecessor != null
        && rule.onEnd(before.state) == Effect.RELEASE) {
      before = rows.get(before.predecessor);
    }
    if (before != null) {
      row.predecessor = before.id();
      waitFor(row, before.id(), rule);
    }
  }

  /** Lets a dead or cancelled job live again; its line goes on before it, if that could pass it. */
  void revive(Row row, long runAt) {
    forget(row);
    Row reborn = row.reborn(runAt);
    Fifo fifo = row.job.fifo();
    boolean passed = fifo != null && WaitRule.of(fifo.onDead()).onEnd(row.state) == Effect.RELEASE;
    if (fifo != null && passed) {
      JobId last = waits.last(fifo.key());
      reborn.predecessor = row.id().equals(last) ? row.predecessor : last;
    } else {
      reborn.predecessor = row.predecessor;
    }
    enter(reborn);
    if (passed) {
      waits.standIn(reborn);
    }
  }

  private void waitFor(Row row, JobId parent, WaitRule rule) {
    Row found = rows.get(parent);
    if (found != null && rule.onEnd(found.state) == Effect.STAY) {
      waits.wait(row, parent, rule);
    }
  }

  /** Lets a pending row be claimed when it is due, unless it waits, and expire. */
  private void line(Row row) {
    if (row.expiresAt != Micros.NEVER) {
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
      line(row.job.queue()).calledOff(row);
    }
  }

  /** Puts a changed row into the place of one that was superseded. */
  void replace(Row old, Row changed, long enqueuedAt) {
    rows.put(changed.id(), changed);
    waits.replace(old, changed);
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
      if (row.state == JobState.PENDING && !row.superseded) {
        expired.add(row);
      }
    }
    return expired;
  }

  Line line(JobQueue queue) {
    return lines.computeIfAbsent(queue, name -> new Line());
  }

  /** Takes a running job from its engine; whoever calls says what it becomes. */
  void leaveEngine(Row row) {
    EngineRow engine = row.engine;
    if (engine != null) {
      engine.drop(row);
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

  /** Who stood behind a job that ended in its line without a start takes its place. */
  private void release(Row ended, Function<WaitRule, Effect> effects) {
    JobId before = ended.predecessor;
    boolean stoodInLine = before != null && ended.waitsFor(before) != null;
    for (Row child : waits.letGo(ended.id(), effects, Effect.RELEASE)) {
      boolean wasLast = child.waitNoMoreFor(ended.id());
      Fifo fifo = child.job.fifo();
      if (before != null && stoodInLine && fifo != null && ended.id().equals(child.predecessor)) {
        child.predecessor = before;
        waits.wait(child, before, WaitRule.of(fifo.onDead()));
      } else if (wasLast && child.state == JobState.PENDING) {
        line(child.job.queue()).add(child);
      }
    }
  }

  void cancel(Row row, long now) {
    boolean inLane = row.state == JobState.PENDING && !row.isWaiting();
    end(row, JobState.CANCELLED, now);
    if (inLane) {
      line(row.job.queue()).calledOff(row);
    }
    remember(row);
    letGo(row, rule -> rule.onEnd(JobState.CANCELLED), now);
    waits.stop(row);
  }

  /** A pending job has not started in time; it stays linked to its parents. */
  void expire(Row row, long now) {
    if (!row.isWaiting()) {
      line(row.job.queue()).calledOff(row);
    }
    Failure failure = new Failure("Expired", "not started by " + Micros.instant(row.expiresAt), "");
    die(row, DeadReason.EXPIRED, failure, now);
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
  }

  /** Takes a job that has ended out; its key stays for its window, its history entry goes stale. */
  void forget(Row row) {
    rows.remove(row.id());
    TreeMap<JobId, Row> letters = dead.get(row.job.queue());
    if (letters != null) {
      letters.remove(row.id());
    }
  }

  /** Whether nobody has to wait for this job any more. */
  boolean letsPass(JobId id) {
    Row row = rows.get(id);
    return row == null || WaitRule.LINE.onEnd(row.state) != Effect.STAY;
  }

  /** Deletes at most {@code limit} finished jobs that ended before {@code time}. */
  int pruneHistory(long time, int limit) {
    int gone = 0;
    while (gone < limit && !history.isEmpty()) {
      Row oldest = history.getFirst();
      boolean known = rows.get(oldest.id()) == oldest;
      if (known && oldest.finishedAt >= time) {
        break;
      }
      history.removeFirst();
      if (known) {
        rows.remove(oldest.id());
        gone++;
      }
    }
    return gone;
  }

  private void end(Row row, JobState state, long now) {
    row.state = state;
    row.finishedAt = now;
    UniqueKey key = row.job.uniqueKey();
    if (key != null) {
      keys.end(key, row.id(), now);
    }
  }

  private void remember(Row row) {
    history.addLast(row);
    if (history.size() > historyLimit) {
      Row oldest = history.removeFirst();
      rows.remove(oldest.id(), oldest);
    }
  }
}
