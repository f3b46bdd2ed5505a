package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.examples.chaos.ledger.What;
import dev.jobs4j.examples.chaos.nemesis.Fault;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs that nobody asked for: promise 8. A start that follows an accepted retry is no second run;
 * any other needs a fault that could cost the run before it its lease.
 */
final class SecondRuns {

  private final History history;
  private final Consumer<Violation> violations;
  private final Map<Fault, Integer> explained = new EnumMap<>(Fault.class);

  SecondRuns(History history, Consumer<Violation> violations) {
    this.history = history;
    this.violations = violations;
  }

  void check(Story story) {
    for (int i = 1; i < story.attempts.size(); i++) {
      Attempt before = story.attempts.get(i - 1);
      Attempt next = story.attempts.get(i);
      if (before.answer == What.RETRIED) {
        continue;
      }
      Optional<Outage> fault =
          history
              .lostLease(before.process, before.from, Math.max(before.from, next.from))
              .max(Comparator.comparingLong(o -> o.to() - o.from()));
      if (fault.isPresent()) {
        explained.merge(fault.get().fault(), 1, Integer::sum);
      } else {
        violations.accept(
            new Violation(
                Promise.SECOND_RUNS_ARE_EXPLAINED,
                story.name,
                next + " follows " + before + " without a fault"));
      }
    }
  }

  /** How many second runs there were, by the longest fault that explains them. */
  Map<Fault, Integer> explained() {
    return explained;
  }
}
