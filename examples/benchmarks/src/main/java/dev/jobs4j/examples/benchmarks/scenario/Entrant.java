package dev.jobs4j.examples.benchmarks.scenario;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A system in a scenario.
 *
 * @param label its row in the table
 * @param system its name in the roster
 * @param against the label of the entrant whose figures it is divided by in each round
 * @param before what is done once, before the first round
 * @param probe one measurement
 */
public record Entrant(
    String label, String system, @Nullable String against, Stage before, Probe probe) {

  /** A system under its own name, with nothing to prepare. */
  static Entrant of(String system, @Nullable String against, Probe probe) {
    return new Entrant(system, system, against, bout -> {}, probe);
  }

  /** The same under another label. */
  Entrant labelled(String value) {
    return new Entrant(value, system, against, before, probe);
  }

  /** The same, prepared. */
  Entrant after(Stage stage) {
    return new Entrant(label, system, against, stage, probe);
  }

  /** Prepares an entrant. */
  @FunctionalInterface
  public interface Stage {
    /** Does it. */
    void set(Bout bout) throws Exception;
  }

  /** Measures an entrant. */
  @FunctionalInterface
  public interface Probe {
    /** The figures of one round, by name. */
    Map<String, Double> measure(Bout bout) throws Exception;
  }
}
