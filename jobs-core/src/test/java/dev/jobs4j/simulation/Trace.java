package dev.jobs4j.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has happened in a run: the last lines for people, all of them in one number. */
final class Trace {

  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private final int kept;
  private final Deque<String> tail = new ArrayDeque<>();
  private long hash = OFFSET;

  /** Keeps so many lines. */
  Trace(int kept) {
    this.kept = kept;
  }

  void add(long nanos, String line) {
    String text = nanos / 1_000_000 + " ms " + line;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    tail.add(text);
    if (tail.size() > kept) {
      tail.remove();
    }
  }

  /** The same for the same lines, in every process. */
  long hash() {
    return hash;
  }

  String tail() {
    return String.join("\n", tail);
  }
}
