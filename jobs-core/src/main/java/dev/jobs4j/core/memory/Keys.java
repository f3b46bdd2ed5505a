package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.UniqueKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which unique key, and until when. A key outlives the row of its job, so it has a table
 * of its own. Guarded by the store's lock.
 */
final class Keys {

  /**
   * A key and its holder.
   *
   * @param until the end of its window; past that the key goes with its job
   */
  record Key(String value, JobId holder, long until) {}

  private final Map<String, Key> taken = new HashMap<>();

  /** The keys whose jobs have ended, by the end of their window. */
  private final TreeSet<Key> ended =
      new TreeSet<>(Comparator.comparingLong(Key::until).thenComparing(Key::value));

  /** Who holds the key now, or null. */
  @Nullable JobId holder(UniqueKey key, long now) {
    Key found = taken.get(key.value());
    return found == null || isOver(found, now) ? null : found.holder();
  }

  void take(UniqueKey key, JobId holder, long createdAt) {
    Key before = taken.get(key.value());
    if (before != null) {
      ended.remove(before);
    }
    Key taking = new Key(key.value(), holder, Micros.plus(createdAt, key.window()));
    taken.put(key.value(), taking);
  }

  /** The job of the key has ended: frees it, or leaves it to its window. */
  void end(UniqueKey key, JobId holder, long now) {
    Key found = taken.get(key.value());
    if (found == null || !found.holder().equals(holder)) {
      return;
    }
    if (found.until() <= now) {
      taken.remove(key.value());
    } else {
      ended.add(found);
    }
  }

  /** Deletes at most {@code limit} keys that are over; returns how many. */
  int prune(long now, int limit) {
    int gone = 0;
    while (gone < limit && !ended.isEmpty() && ended.first().until() <= now) {
      taken.remove(ended.pollFirst().value());
      gone++;
    }
    return gone;
  }

  private boolean isOver(Key key, long now) {
    return key.until() <= now && ended.contains(key);
  }
}
