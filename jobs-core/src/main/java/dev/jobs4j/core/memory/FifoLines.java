package dev.jobs4j.core.memory;

import dev.jobs4j.api.BlockedLine;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who stands in which line: pending and running jobs, and dead ones that block. A line is there
 * while somebody stands in it. Guarded by the store's lock.
 */
final class FifoLines {

  private final TreeMap<String, TreeMap<Long, Row>> lines = new TreeMap<>();
  private long last;

  /** Puts a job at the end of its line, if it has one; it waits unless it is the first. */
  void join(Row row) {
    Fifo fifo = row.job.fifo();
    if (fifo != null) {
      TreeMap<Long, Row> line = lines.computeIfAbsent(fifo.key(), key -> new TreeMap<>());
      row.place = ++last;
      row.behind = !line.isEmpty();
      line.put(row.place, row);
    }
  }

  /** Another row stands for a job from now on: in its place, or, if it was passed, at the end. */
  void standIn(Row old, Row row) {
    NavigableMap<Long, Row> line = line(old);
    if (line != null && line.get(old.place) == old) {
      row.place = old.place;
      row.behind = !line.firstKey().equals(old.place);
      line.put(row.place, row);
    } else {
      join(row);
    }
  }

  /** Takes a job out of its line; returns who is the first now and no longer waits for the line. */
  @Nullable Row leave(Row row) {
    NavigableMap<Long, Row> line = line(row);
    if (line == null || !line.remove(row.place, row)) {
      return null;
    }
    if (line.isEmpty()) {
      lines.remove(Objects.requireNonNull(row.job.fifo()).key());
      return null;
    }
    Row head = line.firstEntry().getValue();
    boolean waited = head.behind;
    head.behind = false;
    return waited ? head : null;
  }

  /** The first of the line of a job, if that is another. */
  @Nullable Row before(Row row) {
    NavigableMap<Long, Row> line = line(row);
    Row head = line == null || line.isEmpty() ? null : line.firstEntry().getValue();
    return head == row ? null : head;
  }

  private @Nullable NavigableMap<Long, Row> line(Row row) {
    Fifo fifo = row.job.fifo();
    return fifo == null ? null : lines.get(fifo.key());
  }

  /** The lines whose first job is dead. */
  List<BlockedLine> blocked(@Nullable String after, int limit) {
    List<BlockedLine> blocked = new ArrayList<>();
    for (Map.Entry<String, TreeMap<Long, Row>> line :
        (after == null ? lines : lines.tailMap(after, false)).entrySet()) {
      Row head = line.getValue().firstEntry().getValue();
      if (head.state == JobState.DEAD && blocked.size() < limit) {
        blocked.add(
            new BlockedLine(
                line.getKey(),
                head.id(),
                Micros.instant(head.finishedAt),
                line.getValue().size() - 1L));
      }
    }
    return blocked;
  }
}
