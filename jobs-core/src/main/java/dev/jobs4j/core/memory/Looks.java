package dev.jobs4j.core.memory;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Pause;
import dev.jobs4j.spi.LiveEngine;
import dev.jobs4j.spi.Standing;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How a job stands, in the eyes of a claim. Guarded by the store's lock. */
final class Looks {

  private final Tables tables;
  private final MemoryPauses pauses;

  Looks(Tables tables, MemoryPauses pauses) {
    this.tables = tables;
    this.pauses = pauses;
  }

  Standing standing(Row row, long now) {
    boolean pending = row.state == JobState.PENDING;
    Job job = row.snapshot();
    List<Pause> paused = pauses.list();
    List<LiveEngine> live = engines(row, now);
    return new Standing(
        job,
        Micros.instant(now),
        pending ? waits(row, now) : Standing.Waits.NOTHING,
        pending ? ahead(row, now, wanted(job, live, paused, now)) : 0,
        paused,
        live);
  }

  private Standing.Waits waits(Row row, long now) {
    Row head = tables.fifos.before(row);
    List<JobId> parents =
        row.parents().stream()
            .sorted(Comparator.comparing((JobId id) -> !isDead(id)).thenComparing(id -> id))
            .limit(Standing.PARENTS)
            .toList();
    Set<JobId> dead = new HashSet<>(parents);
    if (head != null) {
      dead.add(head.id());
    }
    dead.removeIf(id -> !isDead(id));
    LimitKey shut = tables.limits.shut(row, now);
    long opensAt = shut == null ? now : tables.limits.opensAt(shut);
    return new Standing.Waits(
        parents,
        head == null ? null : head.id(),
        dead,
        shut,
        shut == null || opensAt == Permits.UNTIL_ONE_ENDS ? null : Micros.instant(opensAt));
  }

  private boolean isDead(JobId id) {
    Row row = tables.rows.get(id);
    return row != null && row.state == JobState.DEAD;
  }

  private static Wanted wanted(Job job, List<LiveEngine> live, List<Pause> paused, long now) {
    return new Wanted(Standing.wanted(job, live, paused), Held.of(paused).tenants(), now, false);
  }

  private int ahead(Row row, long now, Wanted wanted) {
    return (int)
        tables.rows.values().stream()
            .filter(
                other ->
                    other.state == JobState.PENDING
                        && !other.isWaiting()
                        && other.parkedOn == null
                        && other.runAt <= now
                        && other.job.queue().equals(row.job.queue())
                        && !other.isExpired(now)
                        && wanted.includes(other)
                        && Row.URGENCY.compare(other, row) < 0)
            .limit(Standing.MOST)
            .count();
  }

  private List<LiveEngine> engines(Row row, long now) {
    return tables.engines.values().stream()
        .filter(engine -> engine.live && engine.expiresAt > now)
        .map(
            engine ->
                new LiveEngine(
                    engine.info,
                    (int)
                        engine.running.stream()
                            .filter(other -> other.job.queue().equals(row.job.queue()))
                            .count(),
                    (int) engine.running.stream().filter(other -> other.suspect).count(),
                    row.engine == engine))
        .toList();
  }
}
