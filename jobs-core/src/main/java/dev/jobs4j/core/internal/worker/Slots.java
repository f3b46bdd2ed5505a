package dev.jobs4j.core.internal.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The places of one queue where jobs run, and the jobs at hand for places that become free. A slot
 * whose thread ignores its interruption is leaked: it is replaced, at most as often as there are
 * slots, until the thread ends.
 */
final class Slots {

  private final int capacity;
  private final Ahead ahead;
  private final Deque<Attempt> atHand = new ArrayDeque<>();
  private int busy;
  private int leaked;

  Slots(int capacity, Ahead ahead) {
    this.capacity = capacity;
    this.ahead = ahead;
  }

  synchronized int free() {
    return Math.max(0, usable() - busy);
  }

  /** How many more jobs should be at hand; none while there are enough for the time being. */
  synchronized int wanted() {
    int target = ahead.target();
    return atHand.size() <= target / 2 ? target - atHand.size() : 0;
  }

  /** Whether every slot and all that could replace one are lost, so that nothing can run. */
  synchronized boolean isLost() {
    return usable() <= 0;
  }

  /** Must be called holding the monitor. */
  private int usable() {
    return capacity - Math.max(0, leaked - capacity);
  }

  /** Takes a slot for an attempt, or keeps it at hand until one is free. */
  synchronized boolean take(Attempt attempt) {
    if (busy < usable()) {
      busy++;
      return true;
    }
    atHand.add(attempt);
    return false;
  }

  /** An attempt has run: its slot goes to the one that is returned, or becomes free. */
  synchronized @Nullable Attempt give(Duration ran) {
    ahead.ran(ran);
    return give();
  }

  /** The same where it did not run. */
  synchronized @Nullable Attempt give() {
    busy--;
    return next();
  }

  /** Must be called holding the monitor. */
  private @Nullable Attempt next() {
    Attempt next = busy < usable() ? atHand.poll() : null;
    if (next != null) {
      busy++;
    }
    return next;
  }

  /** Its thread does not come back; the slot that replaces it goes to the one that is returned. */
  synchronized @Nullable Attempt leak() {
    busy--;
    leaked++;
    return next();
  }

  synchronized @Nullable Attempt recover() {
    leaked--;
    return next();
  }

  synchronized int leaked() {
    return leaked;
  }

  /** Takes away what is at hand if the first has been for longer than it should. */
  synchronized List<Attempt> takeStale() {
    Attempt first = atHand.peek();
    if (first == null || first.waited().compareTo(Ahead.LONGEST) <= 0) {
      return List.of();
    }
    ahead.wentBack();
    return takeAtHand();
  }

  /** Takes away what is at hand. */
  synchronized List<Attempt> takeAtHand() {
    List<Attempt> taken = new ArrayList<>(atHand);
    atHand.clear();
    return taken;
  }

  /** Whether so few are at hand that more should be fetched now, or a slot is free. */
  synchronized boolean isHungry() {
    return atHand.isEmpty() || atHand.size() <= ahead.target() / 2;
  }

  /** How long until what is at hand has been for too long. */
  synchronized Duration untilStale(Duration patience) {
    Attempt first = atHand.peek();
    if (first == null) {
      return patience;
    }
    Duration left = Ahead.LONGEST.minus(first.waited()).plusMillis(1);
    return left.compareTo(patience) < 0 ? left : patience;
  }
}
