package dev.jobs4j.core.memory;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Takes jobs back from engines that died or left. Guarded by the store's lock. */
final class Reaping {

  private final Tables tables;
  private final Burials burials;

  Reaping(Tables tables, Burials burials) {
    this.tables = tables;
    this.burials = burials;
  }

  Reaped reap(ReapRequest request, long now) {
    List<EngineId> fenced = fenceExpired(request, now);
    Taken taken = new Taken();
    boolean more = false;
    for (EngineRow engine : List.copyOf(tables.engines.values())) {
      while (!engine.live && !engine.running.isEmpty() && taken.count() < request.limit()) {
        takeFromDead(engine.running.get(0), request.maxCrashes(), taken, now);
      }
      tables.forgetIfOver(engine);
      more |= !engine.live && !engine.running.isEmpty();
    }
    return new Reaped(
        fenced, taken.returned, taken.dead, taken.cancelled, more, nextEnd(request, now));
  }

  /** Fences an engine that leaves in order, and takes back what it still holds. */
  void retire(EngineId id, long now) {
    EngineRow engine = tables.engines.get(id);
    if (engine == null) {
      return;
    }
    engine.live = false;
    while (!engine.running.isEmpty()) {
      Row row = engine.running.get(0);
      takeBack(row);
      putBack(row, new Taken(), now);
    }
    tables.forgetIfOver(engine);
  }

  private List<EngineId> fenceExpired(ReapRequest request, long now) {
    List<EngineId> fenced = new ArrayList<>();
    for (EngineRow engine : tables.engines.values()) {
      if (engine.live && Micros.plus(engine.expiresAt, request.grace()) < now) {
        engine.live = false;
        fenced.add(engine.info.id());
      }
    }
    return fenced;
  }

  private Optional<Duration> nextEnd(ReapRequest request, long now) {
    return tables.engines.values().stream()
        .filter(engine -> engine.live)
        .map(engine -> Micros.between(now, Micros.plus(engine.expiresAt, request.grace())))
        .min(Comparator.naturalOrder());
  }

  private void takeFromDead(Row row, int maxCrashes, Taken taken, long now) {
    if (!row.suspect || row.cancelRequested) {
      takeBack(row);
      row.suspect = true;
      putBack(row, taken, now);
      return;
    }
    row.crashes++;
    row.failed(now, null);
    takeBack(row);
    if (row.crashes > maxCrashes) {
      Failure crash =
          new Failure(
              "CrashLoop",
              "Its engine died while it ran this job alone, times: " + row.crashes,
              "");
      burials.die(row, DeadReason.CRASH_LOOP, crash, now);
      taken.dead.add(row.id());
    } else {
      putBack(row, taken, now);
    }
  }

  /** Raises the token, so that whatever the old holder still sends changes nothing. */
  private void takeBack(Row row) {
    tables.leaveEngine(row);
    row.token++;
    row.attempt--;
  }

  private void putBack(Row row, Taken taken, long now) {
    if (row.cancelRequested) {
      tables.cancel(row, now);
      taken.cancelled.add(row.id());
    } else {
      tables.putBack(row, row.runAt);
      taken.returned.add(row.id());
    }
  }

  /** What one call has taken back so far. */
  private static final class Taken {
    final List<JobId> returned = new ArrayList<>();
    final List<JobId> dead = new ArrayList<>();
    final List<JobId> cancelled = new ArrayList<>();

    int count() {
      return returned.size() + dead.size() + cancelled.size();
    }
  }
}
