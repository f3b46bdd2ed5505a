package dev.jobs4j.core.memory;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.api.UniqueKey.OnConflict;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.WaitRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of an insert, then stores it. Guarded by the store's lock. */
final class Enqueuing {

  private final Tables tables;
  private final Transactions transactions;

  Enqueuing(Tables tables, Transactions transactions) {
    this.tables = tables;
    this.transactions = transactions;
  }

  /** Stores all or, if one is refused, none; in {@code part} if the caller has a transaction. */
  List<Enqueued> insert(List<NewJob> jobs, Transactions.@Nullable Part part, LongSupplier clock) {
    if (part != null) {
      transactions.requireOpen(part);
    }
    transactions.await(jobs, part);
    Batch batch = new Batch(part, clock.getAsLong());
    List<Enqueued> answers = new ArrayList<>(jobs.size());
    for (NewJob job : jobs) {
      answers.add(batch.add(job));
    }
    for (Row row : batch.rows.values()) {
      if (part == null) {
        tables.enter(row);
      } else {
        transactions.write(part, row);
      }
    }
    for (Change change : batch.changes.values()) {
      if (part == null) {
        tables.supersede(change.from());
        change.make(tables);
      } else {
        transactions.change(part, change, tables);
      }
    }
    return answers;
  }

  /** A waiting job that gets another content. */
  record Change(Row from, Row to, long enqueuedAt) {
    /** Puts the changed row into the place of the superseded one. */
    void make(Tables tables) {
      tables.replace(from, to, enqueuedAt);
    }

    /** Leaves the job as it was. */
    void undo(Tables tables) {
      tables.replace(from, from.again(), from.createdAt);
    }
  }

  /** One insert while it is being decided: it sees the store, its transaction and itself. */
  private final class Batch {
    private final Transactions.@Nullable Part part;
    private final long now;
    private final Map<JobId, Row> rows = new LinkedHashMap<>();
    private final Map<String, JobId> keys = new HashMap<>();

    /** Jobs of this insert that were not stored, since these have their keys. */
    private final Map<JobId, JobId> unstored = new HashMap<>();

    /** Waiting jobs of the store that get another content, by id. */
    private final Map<JobId, Change> changes = new LinkedHashMap<>();

    Batch(Transactions.@Nullable Part part, long now) {
      this.part = part;
      this.now = now;
    }

    Enqueued add(NewJob job) {
      if (isKnown(job.id())) {
        return new Enqueued.Existing(job.id());
      }
      UniqueKey key = job.uniqueKey();
      JobId holder = key == null ? null : holder(key);
      if (key != null && holder != null && !takesOver(key, holder)) {
        unstored.put(job.id(), holder);
        return new Enqueued.Existing(holder, isReplaced(job, key, holder));
      }
      job.parents().forEach((parent, rule) -> checkParent(job, parent, rule));
      rows.put(job.id(), new Row(job, now, time(job.due()), expiry(job)));
      if (key != null) {
        keys.put(key.value(), job.id());
      }
      return new Enqueued.Created(job.id());
    }

    /** A job that is running keeps its payload, so the next one is another job. */
    private boolean takesOver(UniqueKey key, JobId holder) {
      Row row = row(holder);
      return key.onConflict() != OnConflict.KEEP && row != null && row.state == JobState.RUNNING;
    }

    /** Whether the holder waits and has the new content now. */
    private boolean isReplaced(NewJob job, UniqueKey key, JobId holder) {
      Row row = row(holder);
      if (key.onConflict() == OnConflict.KEEP || row == null || row.state != JobState.PENDING) {
        return false;
      }
      long due = key.onConflict() == OnConflict.DEBOUNCE ? time(job.due()) : row.runAt;
      Row changed = row.changed(job, due, expiry(job));
      if (tables.rows.get(holder) == null) {
        rows.put(holder, changed); // of this transaction, nobody else knows it
      } else {
        Change before = changes.get(holder);
        changes.put(holder, new Change(before == null ? row : before.from(), changed, now));
      }
      return true;
    }

    /** The job as this insert sees it, or null. */
    private @Nullable Row row(JobId id) {
      Change change = changes.get(id);
      if (change != null) {
        return change.to();
      }
      Row own = rows.get(id);
      own = own == null && part != null ? part.row(id) : own;
      return own == null ? tables.rows.get(id) : own;
    }

    private void checkParent(NewJob job, JobId parent, WaitRule rule) {
      JobId holder = unstored.get(parent);
      if (holder != null) {
        throw new InvalidJobException(
            "after names a job of the same insert whose unique key is taken: "
                + parent
                + ", name its holder "
                + holder
                + " (parent of "
                + job.id()
                + ")");
      }
      if (!isKnown(parent)) {
        throw new InvalidJobException(
            "after names a job that is not known: " + parent + " (parent of " + job.id() + ")");
      }
      Row row = row(parent);
      if (row != null && rule.onEnd(row.state) == WaitRule.Effect.CANCEL) {
        throw new InvalidJobException(
            "after names a job that was cancelled: " + parent + " (parent of " + job.id() + ")");
      }
    }

    private boolean isKnown(JobId id) {
      return rows.containsKey(id)
          || tables.rows.containsKey(id)
          || (part != null && part.row(id) != null);
    }

    private @Nullable JobId holder(UniqueKey key) {
      JobId own = keys.get(key.value());
      if (own == null && part != null) {
        own = part.holder(key);
      }
      return own == null ? tables.keys.holder(key, now) : own;
    }

    private long expiry(NewJob job) {
      Due expires = job.expires();
      return expires == null ? Micros.NEVER : time(expires);
    }

    private long time(Due due) {
      if (due instanceof Due.In in) {
        return Micros.plus(now, in.delay());
      }
      return Micros.of(((Due.At) due).instant());
    }
  }
}
