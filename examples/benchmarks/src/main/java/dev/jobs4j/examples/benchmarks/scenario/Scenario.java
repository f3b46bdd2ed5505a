package dev.jobs4j.examples.benchmarks.scenario;

import java.util.List;

/**
 * Something that is measured.
 *
 * @param name by which it is asked for
 * @param about what happens in it, in a sentence
 * @param figures the columns of its table; ratios are taken of the first
 * @param entrants who takes turns in it
 */
public record Scenario(String name, String about, List<String> figures, List<Entrant> entrants) {

  /** Copies the lists. */
  public Scenario {
    figures = List.copyOf(figures);
    entrants = List.copyOf(entrants);
  }
}
