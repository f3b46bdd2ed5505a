package dev.jobs4j.core.memory;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.Payload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
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
  private final Map<JobId, List<Row>> children = new HashMap<>();

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
    for (JobId parent : row.job.after()) {
      Row found = rows.get(parent);
      if (found != null && found.state != JobState.SUCCEEDED) {
        row.waitFor(parent);
        children.computeIfAbsent(parent, id -> new ArrayList<>(1)).add(row);
      }
    }
    line(row);
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
    for (JobId parent : changed.parents()) {
      List<Row> waiting = children.get(parent);
      if (waiting != null) {
        waiting.replaceAll(row -> row == old ? changed : row);
      }
    }
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
    List<Row> waiting = children.remove(row.id());
    if (waiting != null) {
      for (Row child : waiting) {
        if (child.waitNoMoreFor(row.id()) && child.state == JobState.PENDING) {
          line(child.job.queue()).add(child);
        }
      }
    }
  }

  void cancel(Row row, long now) {
    if (row.state == JobState.PENDING) {
      if (row.isWaiting()) {
        stopWaiting(row);
        end(row, JobState.CANCELLED, now);
      } else {
        end(row, JobState.CANCELLED, now);
        line(row.job.queue()).calledOff(row);
      }
    } else {
      end(row, JobState.CANCELLED, now);
    }
    remember(row);
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
    end(row, JobState.DEAD, now);
    dead.computeIfAbsent(row.job.queue(), queue -> new TreeMap<>()).put(row.id(), row);
  }

  /** Deletes a job that has ended; its key stays for its window, its history entry goes stale. */
  void forget(Row row) {
    rows.remove(row.id());
    TreeMap<JobId, Row> letters = dead.get(row.job.queue());
    if (letters != null) {
      letters.remove(row.id());
    }
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

  private void stopWaiting(Row row) {
    for (JobId parent : List.copyOf(row.parents())) {
      List<Row> waiting = children.get(parent);
      if (waiting != null) {
        waiting.remove(row);
        if (waiting.isEmpty()) {
          children.remove(parent);
        }
      }
      row.waitNoMoreFor(parent);
    }
  }
}
