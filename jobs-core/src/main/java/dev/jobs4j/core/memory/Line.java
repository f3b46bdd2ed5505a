package dev.jobs4j.core.memory;

import dev.jobs4j.api.Priority;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pending jobs of one queue, in lanes by type, payload version, priority and suspicion, so that
 * a claim meets neither a kind it does not know nor a job that is not due.
 */
final class Line {

  private static final int LEVELS = Priority.values().length;

  private final Map<String, NavigableMap<Integer, Lane[]>> lanes = new HashMap<>();

  void add(Row row) {
    lane(row).add(row);
  }

  void calledOff(Row row) {
    lane(row).calledOff();
  }

  /**
   * Takes the most urgent, then longest due job of these types, up to these versions, out of the
   * line, or gives null.
   */
  @Nullable Row poll(Map<String, Integer> types, long now, boolean suspects) {
    for (int level = 0; level < LEVELS; level++) {
      Row row = pollLevel(level, types, now, suspects);
      if (row != null) {
        return row;
      }
    }
    return null;
  }

  private @Nullable Row pollLevel(
      int level, Map<String, Integer> types, long now, boolean suspects) {
    Row best = null;
    Lane from = null;
    for (Map.Entry<String, Integer> type : types.entrySet()) {
      NavigableMap<Integer, Lane[]> versions = lanes.get(type.getKey());
      if (versions == null) {
        continue;
      }
      for (Lane[] ofVersion : versions.headMap(type.getValue(), true).values()) {
        for (int i = level * 2; i <= level * 2 + (suspects ? 1 : 0); i++) {
          Row head = ofVersion[i].peek(now);
          if (head != null && (best == null || Lane.isBefore(head, best))) {
            best = head;
            from = ofVersion[i];
          }
        }
      }
    }
    if (best != null && from != null) {
      from.remove(best);
    }
    return best;
  }

  private Lane lane(Row row) {
    Lane[] ofVersion =
        lanes
            .computeIfAbsent(row.job.type(), type -> new TreeMap<>())
            .computeIfAbsent(row.job.typeVersion(), version -> newLanes());
    return ofVersion[row.job.priority().ordinal() * 2 + (row.suspect ? 1 : 0)];
  }

  private static Lane[] newLanes() {
    Lane[] made = new Lane[LEVELS * 2];
    for (int i = 0; i < made.length; i++) {
      made[i] = new Lane();
    }
    return made;
  }
}
