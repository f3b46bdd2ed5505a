package dev.jobs4j.core.memory;

import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What operators did, numbered from 1. Guarded by the store's lock. */
final class Audit {

  private final TreeMap<Long, AuditEntry> entries = new TreeMap<>();
  private long last;

  void note(AuditEntry.Action action, JobId job, Operator operator, long now, String change) {
    last++;
    entries.put(last, new AuditEntry(last, action, job, operator, Micros.instant(now), change));
  }

  List<AuditEntry> read(@Nullable JobId job, long before, int limit) {
    return entries.headMap(before, false).descendingMap().values().stream()
        .filter(entry -> job == null || entry.job().equals(job))
        .limit(limit)
        .toList();
  }

  /** Deletes at most {@code limit} entries from before {@code time}; returns how many. */
  int prune(long time, int limit) {
    int gone = 0;
    while (gone < limit
        && !entries.isEmpty()
        && Micros.of(entries.firstEntry().getValue().at()) < time) {
      entries.pollFirstEntry();
      gone++;
    }
    return gone;
  }
}
