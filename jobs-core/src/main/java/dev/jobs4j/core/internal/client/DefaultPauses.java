package dev.jobs4j.core.internal.client;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pauses;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pauses in every store that can; a queue only where it lives. */
public final class DefaultPauses implements Pauses {

  private static final Logger log = LoggerFactory.getLogger(DefaultPauses.class);

  private final List<Pauses> stores;
  private final Function<JobQueue, Optional<Pauses>> homes;
  private final Runnable resumed;

  /**
   * Over the stores that can pause.
   *
   * @param homes what can pause a queue, if anything
   * @param resumed wakes the engine of this process
   */
  public DefaultPauses(
      List<Pauses> stores, Function<JobQueue, Optional<Pauses>> homes, Runnable resumed) {
    this.stores = List.copyOf(stores);
    this.homes = homes;
    this.resumed = resumed;
  }

  @Override
  public void pause(Pause.Target target, Operator by, @Nullable Instant until) {
    of(target).forEach(store -> store.pause(target, by, until));
    log.info(
        "Paused: target={}, by={}, why={}, until={}",
        target,
        by.name(),
        by.why(),
        until == null ? "somebody resumes it" : until);
  }

  @Override
  public boolean resume(Pause.Target target) {
    boolean was = false;
    for (Pauses store : of(target)) {
      was |= store.resume(target);
    }
    if (was) {
      log.info("Resumed: target={}", target);
      resumed.run();
    }
    return was;
  }

  private List<Pauses> of(Pause.Target target) {
    List<Pauses> able =
        target.scope() == Pause.Scope.QUEUE
            ? homes.apply(JobQueue.of(target.name())).stream().toList()
            : stores;
    if (able.isEmpty()) {
      throw new InvalidJobException(
          target
              + " cannot be paused: its jobs are on a broker or in a store without pauses; stop the"
              + " engines that work on it, or put its jobs into a store that can pause");
    }
    return able;
  }

  /** The same target in several stores counts once, as the first of them tells. */
  @Override
  public List<Pause> list() {
    Map<Pause.Target, Pause> byTarget = new LinkedHashMap<>();
    stores.forEach(
        store -> store.list().forEach(pause -> byTarget.putIfAbsent(pause.target(), pause)));
    List<Pause> all = new ArrayList<>(byTarget.values());
    all.sort(Pause.BY_TARGET);
    return all;
  }
}
