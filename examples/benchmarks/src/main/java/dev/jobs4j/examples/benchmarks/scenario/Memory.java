package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.examples.benchmarks.contestant.Contestant;
import dev.jobs4j.examples.benchmarks.contestant.Contestant.Engine;
import dev.jobs4j.examples.benchmarks.contestant.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The heap of a busy engine: all workers hold a job, and whatever is fetched ahead waits. */
final class Memory implements Entrant.Probe {

  static final String HEAP = "heap MiB, busy";
  static final List<String> FIGURES = List.of(HEAP);

  private static final int WORKERS = 10;
  private static final int FREE = 3;

  @Override
  public Map<String, Double> measure(Bout bout) throws Exception {
    Contestant contestant = bout.contestant();
    int jobs = Math.max(WORKERS, bout.jobs());
    contestant.enqueue(jobs, Duration.ZERO);
    double before = Heap.liveMebibytes();
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger entered = new AtomicInteger();
    // the first go through, so that an engine that fetches ahead does so before it is stopped
    int free = jobs / FREE;
    Handlers handlers =
        new Handlers(
            () -> {
              if (entered.incrementAndGet() > free) {
                pass(gate);
              }
            });
    double busy;
    try (Engine engine = contestant.start(WORKERS, handlers)) {
      try {
        Patience.await("starts", Math.min(jobs, free + 1), 1_000, entered::get);
        busy = Heap.liveMebibytes() - before;
      } finally {
        gate.countDown();
      }
      handlers.await(jobs);
      engine.awaitSettled(jobs);
    }
    return Map.of(HEAP, busy);
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
