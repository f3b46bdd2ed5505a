package dev.jobs4j.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has happened in a run: the last lines for people, all of them in one number. */
final class Trace {

  private static final int KEPT = 400;

  private final Deque<String> tail = new ArrayDeque<>();
  private long hash = 0xcbf29ce484222325L;
  private long lines;
  static java.io.PrintStream DUMP;

  void add(long nanos, String line) {
    String text = String.format("%,d ms", nanos / 1_000_000) + " " + line;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    lines++;
    tail.add(text);
    if (DUMP != null) DUMP.println(text);
    if (tail.size() > KEPT) {
      tail.remove();
    }
  }

  /** The same for the same lines, in every process. */
  long hash() {
    return hash;
  }

  long lines() {
    return lines;
  }

  String tail() {
    return String.join("\n", tail);
  }
}
