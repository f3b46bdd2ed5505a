package dev.jobs4j.examples.benchmarks;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.FairShare;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import dev.jobs4j.store.jdbc.JdbcStoreOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** The library on default settings: tokens, attempts, events and metrics on. */
final class LibraryDrain implements Benchmarks.Scenario {

  /** What becomes of jobs that ended. */
  enum Finished {
    KEPT("k_", JdbcStoreOptions.History.KEEP),
    DELETED("d_", JdbcStoreOptions.History.DELETE);

    private final String prefix;
    private final JdbcStoreOptions.History history;

    Finished(String prefix, JdbcStoreOptions.History history) {
      this.prefix = prefix;
      this.history = history;
    }
  }

  /** What the jobs ask for besides. */
  enum Load {
    PLAIN,
    /** Each counts against one of eight keys of a limit that never shuts. */
    LIMITED,
    /** Each is one of eight tenants', which share the starts. */
    SHARED
  }

  private static final JobType<String> NOTHING = JobType.of("nothing", String.class);
  private static final int CHUNK = 10_000;

  private final Postgres postgres;
  private final Finished finished;
  private final int workers;
  private final Load load;

  LibraryDrain(Postgres postgres, Finished finished, int workers, Load load) {
    this.postgres = postgres;
    this.finished = finished;
    this.workers = workers;
    this.load = load;
  }

  @Override
  public String name() {
    return "library, finished "
        + finished.name().toLowerCase(Locale.ROOT)
        + ", "
        + workers
        + " workers"
        + (load == Load.PLAIN ? "" : ", " + load.name().toLowerCase(Locale.ROOT));
  }

  private JobRequest<?> request(int i) {
    JobRequest<String> request = NOTHING.request("nothing");
    return switch (load) {
      case PLAIN -> request;
      case LIMITED -> request.limit("wide", "key-" + i % 8);
      case SHARED -> request.tenant("tenant-" + i % 8);
    };
  }

  private JdbcJobStore store() {
    return JdbcJobStore.of(
        postgres.pool(),
        JdbcStoreOptions.builder()
            .tablePrefix(finished.prefix)
            .schemaMode(JdbcStoreOptions.SchemaMode.MIGRATE)
            .history(finished.history)
            .build());
  }

  @Override
  public double run(int jobs) throws Exception {
    try (Jobs client =
        Jobs.builder().store(store()).limits(JobLimit.running("wide", 1_000)).enqueueOnly()) {
      for (int done = 0; done < jobs; done += CHUNK) {
        client.enqueueAll(
            IntStream.range(done, Math.min(done + CHUNK, jobs))
                .<JobRequest<?>>mapToObj(this::request)
                .toList());
      }
    }
    postgres.execute("VACUUM ANALYZE " + finished.prefix + "job");
    LongAdder runs = new LongAdder();
    CountDownLatch all = new CountDownLatch(jobs);
    long started = System.nanoTime();
    Jobs engine =
        Jobs.builder()
            .store(store())
            .options(EngineOptions.builder().pollInterval(Duration.ofMillis(200)).build())
            .workers(
                load == Load.SHARED
                    ? WorkerOptions.of(workers).fairShare(FairShare.equal())
                    : WorkerOptions.of(workers))
            .handler(
                NOTHING,
                (payload, context) -> {
                  runs.increment();
                  all.countDown();
                  return null;
                })
            .start();
    try {
      all.await();
      while (!postgres.query("SELECT count(*) FROM " + finished.prefix + "job").equals("0")) {
        Thread.onSpinWait(); // the last outcomes are being settled
      }
      double seconds = (System.nanoTime() - started) / 1e9;
      if (runs.sum() != jobs) {
        throw new IllegalStateException("ran " + runs.sum() + " of " + jobs);
      }
      return jobs / seconds;
    } finally {
      engine.close();
      postgres.execute("TRUNCATE " + finished.prefix + "history");
    }
  }
}
