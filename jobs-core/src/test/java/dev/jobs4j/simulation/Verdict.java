package dev.jobs4j.simulation;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the checks of one run have found: how often each rule was checked, and the first breach. It
 * is kept, not thrown, since the engine survives whatever is thrown at it.
 */
final class Verdict {

  /** A rule that did not hold. */
  record Breach(Rule rule, String what) {
    @Override
    public String toString() {
      return rule + " (" + rule.promise() + "): " + what;
    }
  }

  private final long[] checks = new long[Rule.values().length];
  private @Nullable Breach breach;

  /** Checks a rule; {@code what} says how it was broken. */
  void check(Rule rule, boolean holds, Supplier<String> what) {
    checks[rule.ordinal()]++;
    if (!holds && breach == null) {
      breach = new Breach(rule, what.get());
    }
  }

  @Nullable Breach breach() {
    return breach;
  }

  long checks(Rule rule) {
    return checks[rule.ordinal()];
  }
}
