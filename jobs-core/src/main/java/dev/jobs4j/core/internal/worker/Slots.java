package dev.jobs4j.core.internal.worker;

/**
 * The places of one queue where jobs run. A slot whose thread ignores its interruption is leaked:
 * it is replaced, at most as often as there are slots, until the thread ends.
 */
final class Slots {

  private final int capacity;
  private int busy;
  private int leaked;

  Slots(int capacity) {
    this.capacity = capacity;
  }

  synchronized int free() {
    return Math.max(0, usable() - busy);
  }

  /** Whether every slot and all that could replace one are lost, so that nothing can run. */
  synchronized boolean isLost() {
    return usable() <= 0;
  }

  /** Must be called holding the monitor. */
  private int usable() {
    return capacity - Math.max(0, leaked - capacity);
  }

  synchronized void take() {
    busy++;
  }

  synchronized void give() {
    busy--;
  }

  synchronized void leak() {
    busy--;
    leaked++;
  }

  synchronized void recover() {
    leaked--;
  }

  synchronized int leaked() {
    return leaked;
  }
}
