package dev.jobs4j.examples.benchmarks.report;

import java.util.OptionalDouble;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Something that a run should show.
 *
 * @param scenario of which scenario
 * @param text what is wanted, for people
 * @param reached what was reached, for people; empty if the run does not tell
 * @param met whether that is enough; asked only if there is something
 */
public record Goal(
    String scenario,
    String text,
    Function<Results, OptionalDouble> reached,
    Predicate<Results> met) {

  /** How it stands. */
  public enum Verdict {
    /** Reached. */
    MET,
    /** Not reached. */
    NOT_MET,
    /** Nothing was measured that tells. */
    UNKNOWN
  }

  private static Goal of(
      String scenario,
      String text,
      Function<Results, OptionalDouble> reached,
      DoublePredicate enough) {
    return new Goal(
        scenario,
        text,
        reached,
        results -> {
          OptionalDouble value = reached.apply(results);
          return value.isPresent() && enough.test(value.getAsDouble());
        });
  }

  /** Wants the first label to have at least so much of the second's figure. */
  public static Goal share(
      String scenario, String figure, String label, String against, double bound) {
    return of(
        scenario,
        "%s: %s at least %s of %s".formatted(label, figure, Table.text(bound), against),
        results -> results.ratio(scenario, label, figure, against),
        value -> value >= bound);
  }

  /** Wants a figure to be at most so much. */
  public static Goal atMost(String scenario, String figure, String label, double bound) {
    return of(
        scenario,
        "%s: %s at most %s".formatted(label, figure, Table.text(bound)),
        results -> results.median(scenario, label, figure),
        value -> value <= bound);
  }

  /** Wants a figure to be at least so much. */
  public static Goal atLeast(String scenario, String figure, String label, double bound) {
    return of(
        scenario,
        "%s: %s at least %s".formatted(label, figure, Table.text(bound)),
        results -> results.median(scenario, label, figure),
        value -> value >= bound);
  }

  /** Wants a figure to be at most so much, or {@code factor} of what another has in its round. */
  public static Goal atMost(
      String scenario, String figure, String label, double bound, String against, double factor) {
    Goal absolute = atMost(scenario, figure, label, bound);
    return new Goal(
        scenario,
        "%s, or %s of %s".formatted(absolute.text, Table.text(factor), against),
        absolute.reached,
        results ->
            absolute.met.test(results)
                || results.ratio(scenario, label, figure, against).orElse(Double.MAX_VALUE)
                    <= factor);
  }

  /** How it stands after a run. */
  public Verdict verdict(Results results) {
    if (reached.apply(results).isEmpty()) {
      return Verdict.UNKNOWN;
    }
    return met.test(results) ? Verdict.MET : Verdict.NOT_MET;
  }
}
