package dev.jobs4j.core.memory;

import dev.jobs4j.api.Priority;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pending jobs of one tenant in a queue, in lanes by type, payload version, priority and
 * suspicion, so that a claim meets neither a kind it does not know nor a job that is not due.
 */
final class Share {

  private static final int LEVELS = Priority.values().length;

  private final Map<String, NavigableMap<Integer, @Nullable Lane[]>> lanes = new HashMap<>();

  void add(Row row) {
    lane(row).add(row);
  }

  void calledOff(Row row) {
    lane(row).calledOff();
  }

  /** The most urgent, then longest due job that is wanted, or null. */
  @Nullable Row peek(Wanted wanted) {
    for (int level = 0; level < LEVELS; level++) {
      Row row = peek(level, wanted);
      if (row != null) {
        return row;
      }
    }
    return null;
  }

  private @Nullable Row peek(int level, Wanted wanted) {
    Row best = null;
    for (Map.Entry<String, Integer> type : wanted.types().entrySet()) {
      NavigableMap<Integer, @Nullable Lane[]> versions = lanes.get(type.getKey());
      if (versions == null) {
        continue;
      }
      for (@Nullable Lane[] ofVersion : versions.headMap(type.getValue(), true).values()) {
        for (int i = level * 2; i <= level * 2 + (wanted.suspects() ? 1 : 0); i++) {
          Lane lane = ofVersion[i];
          Row head = lane == null ? null : lane.peek(wanted.now());
          if (head != null && (best == null || Lane.isBefore(head, best))) {
            best = head;
          }
        }
      }
    }
    return best;
  }

  /** Takes a job that was just shown. */
  void remove(Row head) {
    lane(head).remove(head);
  }

  boolean isEmpty() {
    for (NavigableMap<Integer, @Nullable Lane[]> versions : lanes.values()) {
      for (@Nullable Lane[] ofVersion : versions.values()) {
        for (Lane lane : ofVersion) {
          if (lane != null && !lane.isEmpty()) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private Lane lane(Row row) {
    @Nullable Lane[] ofVersion =
        lanes
            .computeIfAbsent(row.job.type(), type -> new TreeMap<>())
            .computeIfAbsent(row.job.typeVersion(), version -> new @Nullable Lane[LEVELS * 2]);
    int place = row.job.priority().ordinal() * 2 + (row.suspect ? 1 : 0);
    Lane lane = ofVersion[place];
    if (lane == null) {
      lane = new Lane();
      ofVersion[place] = lane;
    }
    return lane;
  }
}
