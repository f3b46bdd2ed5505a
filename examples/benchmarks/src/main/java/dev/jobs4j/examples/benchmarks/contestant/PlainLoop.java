package dev.jobs4j.examples.benchmarks.contestant;

import dev.jobs4j.examples.benchmarks.contestant.Contestant.Engine;
import dev.jobs4j.examples.benchmarks.contestant.PlainStatements.Session;
import dev.jobs4j.examples.benchmarks.database.Area;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The threads of {@link PlainJdbc}: claim, run, end; look again after 5 ms, or when woken. */
final class PlainLoop implements Engine {

  private static final long POLL_MILLIS = 5;

  /** Says that there may be work. */
  static final class Signal {
    private final Semaphore permit = new Semaphore(0);

    void give() {
      if (permit.availablePermits() == 0) {
        permit.release();
      }
    }

    void await() throws InterruptedException {
      if (permit.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        permit.drainPermits();
      }
    }
  }

  private final Area area;
  private final PlainStatements statements;
  private final int batch;
  private final Signal wake;
  private final Runnable handler;
  private final Settled settled = new Settled();
  private final List<Future<?>> loops = new ArrayList<>();
  private final ExecutorService threads;
  private volatile boolean stopping;

  private PlainLoop(
      Area area, PlainStatements statements, Pace pace, Signal wake, Runnable handler) {
    this.area = area;
    this.statements = statements;
    this.batch = pace.batch();
    this.wake = wake;
    this.handler = handler;
    threads = Executors.newFixedThreadPool(pace.threads());
  }

  static PlainLoop start(
      Area area, PlainStatements statements, Pace pace, Signal wake, Runnable handler) {
    PlainLoop loop = new PlainLoop(area, statements, pace, wake, handler);
    for (int i = 0; i < pace.threads(); i++) {
      loop.loops.add(
          loop.threads.submit(
              () -> {
                loop.run();
                return null;
              }));
    }
    return loop;
  }

  private void run() throws SQLException, InterruptedException {
    try (Connection connection = area.pool().getConnection();
        Session session = statements.open(connection)) {
      while (!stopping) {
        List<UUID> ids = session.claim(batch);
        if (ids.isEmpty()) {
          wake.await();
          continue;
        }
        for (int i = 0; i < ids.size(); i++) {
          handler.run();
        }
        session.end(ids);
        settled.add(ids.size());
      }
    }
  }

  @Override
  public void awaitSettled(long jobs) throws Exception {
    settled.await(jobs);
  }

  @Override
  public void close() throws Exception {
    stopping = true;
    threads.shutdown();
    for (Future<?> loop : loops) {
      loop.get(); // throws what a loop died of
    }
  }
}
