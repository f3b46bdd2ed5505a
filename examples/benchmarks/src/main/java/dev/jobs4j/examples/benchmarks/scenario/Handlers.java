package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.examples.benchmarks.contestant.Patience;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What every job calls: counts, notes the first call, and does what it is told. */
final class Handlers implements Runnable {

  private final Runnable body;
  private final LongAdder runs = new LongAdder();
  private final AtomicLong first = new AtomicLong();

  Handlers(Runnable body) {
    this.body = body;
  }

  @Override
  public void run() {
    if (first.get() == 0) {
      first.compareAndSet(0, System.nanoTime());
    }
    body.run();
    runs.increment();
  }

  /** When the first of them was called. */
  long firstNanos() {
    return first.get();
  }

  long runs() {
    return runs.sum();
  }

  void await(long jobs) throws Exception {
    Patience.await("runs of handlers", jobs, 200, runs::sum);
  }
}
