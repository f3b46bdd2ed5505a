package dev.jobs4j.core.internal.client;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.LimitUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The same limits in every store that keeps any; each store counts for itself. */
public final class EveryLimits implements JobLimits {

  private final List<JobLimits> stores;
  private final Runnable removed;

  /**
   * Over the stores that keep limits.
   *
   * @param removed is told of each removal
   */
  public EveryLimits(List<JobLimits> stores, Runnable removed) {
    this.stores = List.copyOf(stores);
    this.removed = removed;
  }

  @Override
  public void define(JobLimit limit) {
    if (stores.isEmpty()) {
      throw new InvalidJobException(
          "limit \""
              + limit.name()
              + "\" needs a store that keeps limits, and there is none: put the jobs into one, or"
              + " bound the workers of their queue");
    }
    stores.forEach(store -> store.define(limit));
  }

  @Override
  public boolean remove(String name) {
    boolean was = false;
    try {
      for (JobLimits store : stores) {
        was |= store.remove(name);
      }
    } finally {
      removed.run();
    }
    return was;
  }

  /** A limit of several stores counts once, as the first of them has it. */
  @Override
  public List<JobLimit> list() {
    Map<String, JobLimit> byName = new TreeMap<>();
    stores.forEach(store -> store.list().forEach(limit -> byName.putIfAbsent(limit.name(), limit)));
    return new ArrayList<>(byName.values());
  }

  @Override
  public LimitUse use(LimitKey key) {
    int running = 0;
    int waiting = 0;
    for (JobLimits store : stores) {
      LimitUse use = store.use(key);
      running += use.running();
      waiting += use.waiting();
    }
    return new LimitUse(key, running, waiting);
  }
}
