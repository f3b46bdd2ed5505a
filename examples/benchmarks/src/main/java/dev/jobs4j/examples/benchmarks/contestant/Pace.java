package dev.jobs4j.examples.benchmarks.contestant;

/**
 * How plain JDBC goes through a table.
 *
 * @param threads that claim
 * @param batch how many jobs each claims at once
 * @param tried what else was tried and how fast it was, for the report
 */
record Pace(int threads, int batch, String tried) {

  Pace(int threads, int batch) {
    this(threads, batch, "");
  }

  @Override
  public String toString() {
    return threads + " threads x " + batch + tried;
  }
}
