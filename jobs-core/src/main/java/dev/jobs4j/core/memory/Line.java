package dev.jobs4j.core.memory;

import dev.jobs4j.api.Priority;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pending jobs of one queue, in lanes by type, priority and suspicion, so that a claim meets
 * neither a type it does not know nor a job that is not due.
 */
final class Line {

  private static final int LEVELS = Priority.values().length;

  private final Map<String, Lane[]> lanes = new HashMap<>();

  void add(Row row) {
    lane(row).add(row);
  }

  void calledOff(Row row) {
    lane(row).calledOff();
  }

  /** Takes the most urgent, then longest due job of these types out of the line, or gives null. */
  @Nullable Row poll(Set<String> types, long now, boolean suspects) {
    for (int level = 0; level < LEVELS; level++) {
      Row row = pollLevel(level, types, now, suspects);
      if (row != null) {
        return row;
      }
    }
    return null;
  }

  private @Nullable Row pollLevel(int level, Set<String> types, long now, boolean suspects) {
    Row best = null;
    Lane from = null;
    for (String type : types) {
      Lane[] ofType = lanes.get(type);
      if (ofType == null) {
        continue;
      }
      for (int i = level * 2; i <= level * 2 + (suspects ? 1 : 0); i++) {
        Row head = ofType[i].peek();
        if (head != null && head.runAt <= now && (best == null || Lane.isBefore(head, best))) {
          best = head;
          from = ofType[i];
        }
      }
    }
    if (best != null && from != null) {
      from.remove(best);
    }
    return best;
  }

  private Lane lane(Row row) {
    Lane[] ofType = lanes.computeIfAbsent(row.job.type(), type -> newLanes());
    return ofType[row.job.priority().ordinal() * 2 + (row.suspect ? 1 : 0)];
  }

  private static Lane[] newLanes() {
    Lane[] made = new Lane[LEVELS * 2];
    for (int i = 0; i < made.length; i++) {
      made[i] = new Lane();
    }
    return made;
  }
}
