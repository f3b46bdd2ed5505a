package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.WaitRule;
import dev.jobs4j.spi.WaitRule.Effect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Who waits for whom. Guarded by the store's lock. */
final class Waits {

  private final Map<JobId, List<Row>> children = new HashMap<>();

  void wait(Row child, JobId parent, WaitRule rule) {
    child.waitFor(parent, rule);
    children.computeIfAbsent(parent, id -> new ArrayList<>(1)).add(child);
  }

  void replace(Row old, Row changed) {
    for (JobId parent : changed.parents()) {
      List<Row> waiting = children.get(parent);
      if (waiting != null) {
        waiting.replaceAll(row -> row == old ? changed : row);
      }
    }
  }

  /** A job that has ended itself waits for nobody. */
  void stop(Row child) {
    for (JobId parent : List.copyOf(child.parents())) {
      List<Row> waiting = children.get(parent);
      if (waiting != null) {
        waiting.remove(child);
        if (waiting.isEmpty()) {
          children.remove(parent);
        }
      }
      child.waitNoMoreFor(parent);
    }
  }

  /** The children of a parent on which its ending has this effect; they wait for it no more. */
  List<Row> letGo(JobId parent, Function<WaitRule, Effect> effects, Effect effect) {
    List<Row> waiting = children.get(parent);
    if (waiting == null) {
      return List.of();
    }
    List<Row> gone = new ArrayList<>();
    for (Row child : List.copyOf(waiting)) {
      WaitRule rule = child.waitsFor(parent);
      if (rule == null || effects.apply(rule) == effect) {
        waiting.remove(child);
        if (rule != null) {
          gone.add(child);
        }
      }
    }
    if (waiting.isEmpty()) {
      children.remove(parent);
    }
    return gone;
  }
}
