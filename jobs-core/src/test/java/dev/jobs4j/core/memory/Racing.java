package dev.jobs4j.core.memory;

import java.util.function.Supplier;

/** A faulty store that arranges the race in which its fault shows. */
abstract class Racing extends ForwardingStore {
  final Gate gate;

  Racing(InMemoryJobStore good, Gate gate) {
    super(good);
    this.gate = gate;
  }

  /** A call of the other racer: it starts after the read, and the write waits for it. */
  <T> T between(Supplier<T> call) {
    boolean met = gate.meet();
    T answer = call.get();
    if (met) {
      gate.meet();
    }
    return answer;
  }

  /** Lets the other racer do its call now. */
  void letOther() {
    if (gate.meet()) {
      gate.meet();
    }
  }
}
