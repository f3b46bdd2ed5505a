package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Retention;
import dev.jobs4j.spi.ArchivedJob;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.PruneRequest;
import java.time.Duration;
import java.util.List;

/** Deletes what is kept no longer. Guarded by the store's lock. */
final class Pruning {

  private final Tables tables;
  private final Audit audit;

  Pruning(Tables tables, Audit audit) {
    this.tables = tables;
    this.audit = audit;
  }

  /** See {@link dev.jobs4j.spi.JobStore#prune}. */
  int prune(PruneRequest request, long now) {
    Retention retention = request.retention();
    int limit = request.limit();
    return tables.keys.prune(now, limit)
        + audit.prune(before(now, retention.audit()), limit)
        + attempts(retention, now, limit)
        + jobs(request, now);
  }

  /** Deletes jobs alone; returns how many. */
  int jobs(PruneRequest request, long now) {
    Retention retention = request.retention();
    List<Row> over = tables.ended(row -> isOver(row, retention, now), request.limit());
    JobArchive archive = request.archive();
    if (archive != null && !over.isEmpty()) {
      archive.keep(over.stream().map(row -> archived(row, now)).toList());
    }
    over.forEach(row -> tables.delete(row, now));
    return over.size();
  }

  private static boolean isOver(Row row, Retention retention, long now) {
    JobQueue queue = row.job.queue();
    JobState state = row.state;
    return row.finishedAt < before(now, retention.ageOf(queue, state));
  }

  private static ArchivedJob archived(Row row, long now) {
    return new ArchivedJob(
        row.snapshot(),
        row.job.payload(),
        row.job.headers(),
        row.result,
        row.attempts(),
        null,
        Micros.instant(now));
  }

  private int attempts(Retention retention, long now, int limit) {
    if (!retention.endsAttempts()) {
      return 0;
    }
    long time = before(now, retention.attemptAge());
    int gone = 0;
    for (Row row : tables.rows.values()) {
      if (gone >= limit) {
        break;
      }
      gone += row.forgetAttempts(retention.attempts(), time);
    }
    return gone;
  }

  private static long before(long now, Duration age) {
    return age.equals(Retention.FOREVER) ? Long.MIN_VALUE : now - Micros.of(age);
  }
}
