package dev.jobs4j.core.memory;

import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.core.memory.Enqueuing.Change;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.StoreException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * What open transactions have written. Nobody sees it, but whoever wants the same key or id waits
 * until its fate is known, as in a database. Guarded by the store's lock.
 */
final class Transactions {

  private static final long PATIENCE_MILLIS = 5_000;

  /** One open transaction: its jobs by id and by key, and the waiting jobs that it changes. */
  static final class Part {
    private final Map<JobId, Row> rows = new LinkedHashMap<>();
    private final Map<JobId, Change> changes = new LinkedHashMap<>();
    private final Map<String, JobId> keys = new HashMap<>();
    private boolean open = true;

    boolean isOpen() {
      return open;
    }

    @Nullable Row row(JobId id) {
      Change change = changes.get(id);
      return change == null ? rows.get(id) : change.to();
    }

    @Nullable JobId holder(UniqueKey key) {
      return keys.get(key.value());
    }
  }

  private final Map<JobId, Part> ids = new HashMap<>();
  private final Map<String, Part> keys = new HashMap<>();
  private final Map<String, Part> lines = new HashMap<>();
  private final Condition ended;

  Transactions(Condition ended) {
    this.ended = ended;
  }

  void write(Part part, Row row) {
    part.rows.put(row.id(), row);
    ids.put(row.id(), part);
    UniqueKey key = row.job.uniqueKey();
    if (key != null) {
      part.keys.put(key.value(), row.id());
      keys.put(key.value(), part);
    }
    Fifo fifo = row.job.fifo();
    if (fifo != null) {
      lines.put(fifo.key(), part);
    }
  }

  /** Changes a waiting job when the transaction ends; until then nobody can have it. */
  void change(Part part, Change change, Tables tables) {
    Change before = part.changes.get(change.from().id());
    if (before == null) {
      tables.supersede(change.from());
    }
    part.changes.put(change.from().id(), change);
    ids.put(change.from().id(), part);
    UniqueKey key = change.to().job.uniqueKey();
    if (key != null) {
      keys.put(key.value(), part);
    }
  }

  /** Ends it: what it wrote is there, or was never. */
  void end(Part part, boolean keep, Tables tables) {
    requireOpen(part);
    part.open = false;
    ids.values().removeIf(holder -> holder == part);
    keys.values().removeIf(holder -> holder == part);
    lines.values().removeIf(holder -> holder == part);
    for (Change change : part.changes.values()) {
      if (keep) {
        change.make(tables);
      } else {
        change.undo(tables);
      }
    }
    if (keep) {
      part.rows.values().forEach(tables::enter);
    }
    ended.signalAll();
  }

  void requireOpen(Part part) {
    if (!part.open) {
      throw new InvalidJobException("transaction has ended already; begin another one");
    }
  }

  /**
   * Waits until no open transaction but {@code own} holds an id, key or line of these jobs. Gives
   * the lock up meanwhile, so whatever was read before is stale.
   */
  void await(List<NewJob> jobs, @Nullable Part own) {
    if (ids.isEmpty()) {
      return;
    }
    long left = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (jobs.stream().anyMatch(job -> isHeld(job, own))) {
      if (left <= 0) {
        throw notDone(new TimeoutException("waited " + PATIENCE_MILLIS + " ms"));
      }
      try {
        left = ended.awaitNanos(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw notDone(e);
      }
    }
  }

  private boolean isHeld(NewJob job, @Nullable Part own) {
    UniqueKey key = job.uniqueKey();
    Fifo fifo = job.fifo();
    return isOther(ids.get(job.id()), own)
        || (key != null && isOther(keys.get(key.value()), own))
        || (fifo != null && isOther(lines.get(fifo.key()), own));
  }

  private static boolean isOther(@Nullable Part holder, @Nullable Part own) {
    return holder != null && holder != own;
  }

  private static StoreException notDone(Exception cause) {
    return new StoreException(
        "An open transaction holds the id, the unique key or the line; commit it or roll it back",
        StoreException.Certainty.NOT_DONE,
        cause);
  }
}
