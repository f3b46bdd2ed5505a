package dev.jobs4j.core.memory;

import dev.jobs4j.spi.EngineInfo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One engine: alive or fenced, and what it holds. Guarded by the store's lock. */
final class EngineRow {

  final EngineInfo info;
  final List<Row> running = new ArrayList<>();

  /** Those of them that someone asks to end. */
  final Set<Row> asked = new LinkedHashSet<>();

  boolean live = true;
  long expiresAt;

  EngineRow(EngineInfo info) {
    this.info = info;
  }

  void renew(long now) {
    expiresAt = Micros.plus(now, info.lease());
  }

  void take(Row row) {
    row.engine = this;
    row.slot = running.size();
    running.add(row);
  }

  /** Fills the gap with the last one, so that nothing is searched or moved up. */
  void drop(Row row) {
    Row last = running.remove(running.size() - 1);
    if (last != row) {
      running.set(row.slot, last);
      last.slot = row.slot;
    }
    if (row.cancelRequested) {
      asked.remove(row);
    }
    row.engine = null;
    row.claimId = null;
  }
}
