package dev.jobs4j.examples.chaos.enqueue;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.examples.chaos.ledger.Ledger;
import dev.jobs4j.examples.chaos.work.Database;
import dev.jobs4j.examples.chaos.work.Kind;
import dev.jobs4j.examples.chaos.work.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Spreads so many jobs over so long a time. What was held up by a fault is made up for, so the
 * number is kept and the time may not be.
 */
public final class Enqueuers implements AutoCloseable {

  private static final int POOL = 8;
  private static final int BULK = 40;
  private static final int TRANSACTION = 4;
  private static final int GROUPS = 6;

  private final HikariDataSource pool;
  private final Jobs jobs;
  private final Sending sending;
  private final Names names = new Names();
  private final Duration over;
  private final long since = System.nanoTime();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> running = new ArrayList<>();

  private Enqueuers(String url, Ledger ledger, Duration over) throws InterruptedException {
    pool = Database.pool(url, POOL);
    jobs = Jobs.builder().store(Database.store(pool)).enqueueOnly();
    sending = new Sending(jobs, pool, ledger);
    this.over = over;
  }

  /** Starts to enqueue {@code total} jobs. */
  public static Enqueuers start(String url, Ledger ledger, int total, Duration over, long seed)
      throws InterruptedException {
    Enqueuers all = new Enqueuers(url, ledger, over);
    Random seeds = new Random(seed);
    all.run(seeds.nextLong(), total * 25 / 100, 1, all::single);
    all.run(seeds.nextLong(), total * 50 / 100, BULK, all::bulk);
    all.run(seeds.nextLong(), total * 15 / 100, TRANSACTION, all::transaction);
    int grouped = total * 10 / 100;
    all.run(seeds.nextLong(), grouped * 35 / 100, 1, all::unique);
    all.run(seeds.nextLong(), grouped * 35 / 100, 1, all::limited);
    all.run(seeds.nextLong(), grouped * 30 / 100, 1, all::line);
    all.run(seeds.nextLong(), (int) (over.toSeconds() / 4), 1, all::slow);
    return all;
  }

  private interface Way {
    void enqueue(Random random) throws InterruptedException;
  }

  private void run(long seed, int total, int atOnce, Way way) {
    running.add(threads.submit(() -> pace(new Random(seed), total, atOnce, way)));
  }

  private Void pace(Random random, int total, int atOnce, Way way) throws InterruptedException {
    for (int done = 0; done < total; done += atOnce) {
      long due = since + over.toNanos() / total * done;
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      way.enqueue(random);
    }
    return null;
  }

  private void single(Random random) throws InterruptedException {
    Task task = names.any(random);
    if (random.nextBoolean()) {
      sending.surely(task);
    } else {
      sending.once(List.of(task), random.nextBoolean());
    }
  }

  private void bulk(Random random) {
    sending.once(several(random, BULK), random.nextBoolean());
  }

  private void transaction(Random random) {
    sending.inTransaction(several(random, TRANSACTION), random.nextInt(4) > 0);
  }

  private List<Task> several(Random random, int count) {
    return Stream.generate(() -> names.any(random)).limit(count).toList();
  }

  private void unique(Random random) throws InterruptedException {
    sending.surely(names.task(Kind.UNIQUE, "key-" + random.nextInt(GROUPS)));
  }

  private void limited(Random random) throws InterruptedException {
    sending.surely(names.task(Kind.LIMITED, "carrier-" + random.nextInt(GROUPS)));
  }

  /** By one thread alone, so that the order of a line is that of its names. */
  private void line(Random random) throws InterruptedException {
    sending.surely(names.task(Kind.LINE, "line-" + random.nextInt(GROUPS)));
  }

  private void slow(Random random) throws InterruptedException {
    sending.surely(names.task(Kind.SLOW, ""));
  }

  /** Waits until all are enqueued. */
  public void await() throws InterruptedException, ExecutionException {
    for (Future<?> one : running) {
      one.get();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    jobs.close();
    pool.close();
  }
}
