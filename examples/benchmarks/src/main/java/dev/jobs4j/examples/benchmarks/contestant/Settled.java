package dev.jobs4j.examples.benchmarks.contestant;

import java.util.concurrent.atomic.LongAdder;

/** How many jobs have ended, for those who wait for a number of them. */
final class Settled {

  private final LongAdder count = new LongAdder();

  void add(int jobs) {
    count.add(jobs);
  }

  void await(long jobs) throws Exception {
    Patience.await("ended jobs", jobs, 200, count::sum);
  }
}
