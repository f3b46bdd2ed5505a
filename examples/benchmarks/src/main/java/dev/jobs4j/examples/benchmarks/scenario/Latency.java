package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.examples.benchmarks.contestant.Contestant.Producer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The time from the return of an enqueue to the handler of that job, one job at a time on an idle
 * engine. Fewer samples are taken from one that would take minutes.
 */
final class Latency implements Entrant.Probe {

  private static final long LONGEST_ROUND = 60_000_000_000L;
  private static final long LONGEST_WAIT_SECONDS = 120;

  private final Host host;

  private Latency(Host host) {
    this.host = host;
  }

  /** An engine somewhere that tells when a handler was called. */
  private interface Host {
    AutoCloseable start(Bout bout, BlockingQueue<Long> calls) throws Exception;
  }

  /** The engine runs in this JVM. */
  static Latency here() {
    return new Latency(
        (bout, calls) -> bout.contestant().start(10, () -> calls.add(System.nanoTime())));
  }

  /** The engine runs in another JVM on this machine; their monotonic clocks are the same. */
  static Latency elsewhere(String... words) {
    return new Latency((bout, calls) -> Elsewhere.start(bout, calls, words));
  }

  @Override
  public Map<String, Double> measure(Bout bout) throws Exception {
    BlockingQueue<Long> calls = new LinkedBlockingQueue<>();
    Samples samples = new Samples();
    int wanted = bout.warmUp() ? Math.max(1, bout.size().samples() / 5) : bout.size().samples();
    try (AutoCloseable engine = host.start(bout, calls);
        Producer producer = bout.contestant().producer()) {
      producer.enqueue(); // the first one waits for the engine to be up
      await(calls);
      long giveUp = System.nanoTime() + LONGEST_ROUND;
      while (samples.count() < wanted && (samples.count() == 0 || System.nanoTime() < giveUp)) {
        Thread.sleep(ThreadLocalRandom.current().nextInt(10, 30)); // so that it is idle again
        producer.enqueue();
        long returned = System.nanoTime();
        samples.add(await(calls) - returned);
      }
    }
    return samples.figures();
  }

  private static long await(BlockingQueue<Long> calls) throws InterruptedException, IOException {
    Long called = calls.poll(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    if (called == null) {
      throw new IOException("no handler was called for " + LONGEST_WAIT_SECONDS + " s");
    }
    return called;
  }
}
