package dev.jobs4j.examples.benchmarks.contestant;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** No queue at all: threads that call the handler as often as they can. */
final class BareThreads implements Contestant {

  private final AtomicLong waiting = new AtomicLong();

  @Override
  public String name() {
    return Roster.THREADS;
  }

  @Override
  public String about() {
    return "a fixed pool that calls the handler, without a database";
  }

  @Override
  public void enqueue(int jobs, Duration delay) {
    waiting.addAndGet(jobs);
  }

  @Override
  public Producer producer() {
    return waiting::incrementAndGet;
  }

  @Override
  public Engine start(int workers, Runnable handler) {
    Settled settled = new Settled();
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    for (int i = 0; i < workers; i++) {
      threads.execute(
          () -> {
            while (waiting.getAndDecrement() > 0) {
              handler.run();
              settled.add(1);
            }
            waiting.incrementAndGet();
          });
    }
    return new Engine() {
      @Override
      public void awaitSettled(long jobs) throws Exception {
        settled.await(jobs);
      }

      @Override
      public void close() {
        threads.shutdownNow();
      }
    };
  }

  @Override
  public void clear() {
    waiting.set(0);
  }

  @Override
  public long unfinished() {
    return 0;
  }
}
