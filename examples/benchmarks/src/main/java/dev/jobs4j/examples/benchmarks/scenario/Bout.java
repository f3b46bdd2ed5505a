package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.examples.benchmarks.contestant.Contestant;
import dev.jobs4j.examples.benchmarks.database.Area;
import dev.jobs4j.examples.benchmarks.database.Database;
import java.util.Deque;

/**
 * One round of one entrant.
 *
 * @param contestant who
 * @param area its schema
 * @param database the server
 * @param size how much
 * @param kept what stays open through all rounds and is closed after them, last first
 * @param warmUp whether the figures are thrown away
 */
public record Bout(
    Contestant contestant,
    Area area,
    Database database,
    Size size,
    Deque<AutoCloseable> kept,
    boolean warmUp) {

  /** Keeps this open until the last round is over. */
  public void keep(AutoCloseable open) {
    kept.push(open);
  }

  /** How many jobs this contestant gets; half of them to warm up. */
  public int jobs() {
    int jobs = contestant.jobs(size.jobs());
    return warmUp ? Math.max(1, jobs / 2) : jobs;
  }

  /** How long something steady is watched; a fifth of it to warm up. */
  public double seconds() {
    return warmUp ? size.seconds() / 5.0 : size.seconds();
  }
}
