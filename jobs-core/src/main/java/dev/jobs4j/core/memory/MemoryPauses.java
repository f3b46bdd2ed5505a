package dev.jobs4j.core.memory;

import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pauses;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands still in memory. Guarded by the store's lock. */
final class MemoryPauses implements Pauses {

  private final InMemoryJobStore store;
  private final Map<Pause.Target, Pause> pauses = new HashMap<>();

  MemoryPauses(InMemoryJobStore store) {
    this.store = store;
  }

  @Override
  public void pause(Pause.Target target, Operator by, @Nullable Instant until) {
    store.locked(
        () -> {
          long now = store.now();
          prune(now);
          Pause old = pauses.get(target);
          Instant since = old == null ? Micros.instant(now) : old.since();
          return pauses.put(target, new Pause(target, by, since, until));
        });
  }

  @Override
  public boolean resume(Pause.Target target) {
    return store.locked(
        () -> {
          prune(store.now());
          return pauses.remove(target) != null;
        });
  }

  @Override
  public List<Pause> list() {
    return store.locked(() -> active(store.now()).stream().sorted(Pause.BY_TARGET).toList());
  }

  Held held(long now) {
    return pauses.isEmpty() ? Held.NOTHING : Held.of(active(now));
  }

  private List<Pause> active(long now) {
    return pauses.values().stream().filter(pause -> !isOver(pause, now)).toList();
  }

  int prune(long now) {
    int before = pauses.size();
    pauses.values().removeIf(pause -> isOver(pause, now));
    return before - pauses.size();
  }

  private static boolean isOver(Pause pause, long now) {
    Instant end = pause.end();
    return end != null && Micros.of(end) <= now;
  }
}
