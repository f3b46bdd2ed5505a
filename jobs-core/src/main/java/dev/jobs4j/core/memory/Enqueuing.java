package dev.jobs4j.core.memory;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.NewJob;
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
    return answers;
  }

  /** One insert while it is being decided: it sees the store, its transaction and itself. */
  private final class Batch {
    private final Transactions.@Nullable Part part;
    private final long now;
    private final Map<JobId, Row> rows = new LinkedHashMap<>();
    private final Map<String, JobId> keys = new HashMap<>();

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
      if (holder != null) {
        return new Enqueued.Existing(holder);
      }
      for (JobId parent : job.after()) {
        if (!isKnown(parent)) {
          throw new InvalidJobException(
              "after names a job that is not known: " + parent + " (parent of " + job.id() + ")");
        }
      }
      rows.put(job.id(), new Row(job, now, runAt(job.due())));
      if (key != null) {
        keys.put(key.value(), job.id());
      }
      return new Enqueued.Created(job.id());
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

    private long runAt(Due due) {
      if (due instanceof Due.In in) {
        return Micros.plus(now, in.delay());
      }
      return Micros.of(((Due.At) due).instant());
    }
  }
}
