package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.LimitUse;
import java.util.List;

/** The limits in memory as users see them. */
final class MemoryLimits implements JobLimits {

  private final InMemoryJobStore store;
  private final Tables tables;

  MemoryLimits(InMemoryJobStore store, Tables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public void define(JobLimit limit) {
    store.locked(
        () -> {
          tables.limits.define(limit);
          return limit;
        });
  }

  @Override
  public boolean remove(String name) {
    return store.locked(() -> tables.limits.rules.remove(name) != null);
  }

  @Override
  public List<JobLimit> list() {
    return store.locked(tables.limits::list);
  }

  @Override
  public LimitUse use(LimitKey key) {
    return store.locked(
        () -> {
          long waiting =
              tables.rows.values().stream().filter(row -> key.equals(row.parkedOn)).count();
          return new LimitUse(key, tables.limits.running(key), (int) waiting);
        });
  }
}
