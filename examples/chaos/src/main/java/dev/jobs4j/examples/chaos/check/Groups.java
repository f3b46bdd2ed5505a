package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.examples.chaos.work.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Jobs that know of each other by a line, a limit or a unique key: the promises beyond the ten. */
final class Groups {

  private final History history;
  private final Consumer<Violation> violations;

  Groups(History history, Consumer<Violation> violations) {
    this.history = history;
    this.violations = violations;
  }

  void check() {
    groups(Kind.LINE).values().forEach(this::checkLine);
    groups(Kind.LIMITED).values().forEach(this::checkLimit);
    groups(Kind.UNIQUE).values().forEach(this::checkKey);
  }

  private Map<String, List<Story>> groups(Kind kind) {
    return history.stories().stream()
        .filter(story -> story.kind() == kind && story.acknowledged)
        .collect(Collectors.groupingBy(story -> story.group, TreeMap::new, Collectors.toList()));
  }

  private void checkLine(List<Story> line) {
    follow(
        line.stream().sorted(Comparator.comparingLong(s -> s.triedAt)).toList(),
        Promise.LINES_KEEP_THEIR_ORDER);
  }

  /** In the order in which they ran: the next was let in only after the end of the one before. */
  private void checkKey(List<Story> holders) {
    follow(
        holders.stream().sorted(Comparator.comparingLong(Groups::firstStart)).toList(),
        Promise.KEYS_HOLD);
  }

  private void follow(List<Story> inOrder, Promise promise) {
    for (int i = 1; i < inOrder.size(); i++) {
      Story before = inOrder.get(i - 1);
      Story next = inOrder.get(i);
      long end = before.last().map(a -> a.to).orElse(Long.MIN_VALUE); // promise 3 misses it
      if (firstStart(next) < end) {
        violations.accept(
            new Violation(promise, next.name, "started before the end of " + before.name));
      }
    }
  }

  private static long firstStart(Story story) {
    return story.attempts.stream().mapToLong(a -> a.from).min().orElse(Long.MAX_VALUE);
  }

  /** A permit begins or ends. */
  private record Turn(long at, int change, String job) {}

  private void checkLimit(List<Story> stories) {
    List<Turn> turns = new ArrayList<>();
    for (Story story : stories) {
      for (Attempt attempt : story.attempts) {
        turns.add(new Turn(attempt.from, 1, story.name));
        turns.add(new Turn(heldUntil(attempt), -1, story.name));
      }
    }
    turns.sort(Comparator.comparingLong(Turn::at).thenComparingInt(Turn::change));
    int held = 0;
    for (Turn turn : turns) {
      held += turn.change();
      if (turn.change() > 0 && held > Kind.PERMITS) {
        violations.accept(
            new Violation(
                Promise.LIMITS_HOLD, turn.job(), held + " at once, allowed " + Kind.PERMITS));
      }
    }
  }

  /** A lease that was lost ended at some time after the fault began, nobody knows when. */
  private long heldUntil(Attempt attempt) {
    if (attempt.isAccepted()) {
      return attempt.to;
    }
    return history
        .lostLease(attempt.process, attempt.from, attempt.to)
        .mapToLong(fault -> Math.max(attempt.from, fault.from()))
        .min()
        .orElse(attempt.to);
  }
}
