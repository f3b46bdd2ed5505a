package dev.jobs4j.examples.benchmarks.contestant;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.FairShare;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The library at its defaults, through its public API only. */
public final class Library implements Contestant {

  /** The type of every job. */
  public static final JobType<String> NOTHING = JobType.of("nothing", String.class);

  private static final int CHUNK = 10_000;
  private static final int KEYS = 1_000;
  private static final int TENANTS = 8;

  /** What every job asks for besides. */
  enum Wish {
    NOTHING_MORE,
    /** Each counts against one of eight keys of a limit that never shuts. */
    LIMIT,
    /** Each stands in one of a thousand lines. */
    FIFO,
    /** Each is one of eight tenants', which share the starts. */
    FAIR_SHARE;

    JobRequest<String> request(int i) {
      JobRequest<String> request = Library.NOTHING.request("nothing");
      return switch (this) {
        case NOTHING_MORE -> request;
        case LIMIT -> request.limit("wide", "key-" + i % TENANTS);
        case FIFO -> request.fifo("line-" + i % KEYS);
        case FAIR_SHARE -> request.tenant("tenant-" + i % TENANTS);
      };
    }
  }

  private final String name;
  private final LibraryStore store;
  private final Wish wish;
  private final Jobs client;
  private volatile @Nullable Jobs running;

  Library(String name, LibraryStore store, Wish wish) {
    this.name = name;
    this.store = store;
    this.wish = wish;
    client = builder(store.open()).enqueueOnly();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String about() {
    String defaults = store.history() == History.KEEP ? "defaults" : "defaults, History.DELETE";
    return "jobs4j, " + defaults + (wish == Wish.NOTHING_MORE ? "" : ", every job with " + wish);
  }

  private JobsBuilder builder(JobStore opened) {
    JobsBuilder builder = Jobs.builder().store(opened);
    return wish == Wish.LIMIT ? builder.limits(JobLimit.running("wide", 1_000)) : builder;
  }

  /** Where its jobs are kept. */
  public LibraryStore store() {
    return store;
  }

  /** Through which it enqueues when nothing runs. */
  public Jobs client() {
    return client;
  }

  @Override
  public void enqueue(int jobs, Duration delay) {
    enqueue(jobs, request -> delay.isZero() ? request : request.delay(delay));
  }

  /** Stores jobs in bulk, each changed. */
  public void enqueue(int jobs, UnaryOperator<JobRequest<String>> change) {
    for (int done = 0; done < jobs; done += CHUNK) {
      List<JobRequest<String>> chunk = new ArrayList<>(CHUNK);
      for (int i = done; i < Math.min(jobs, done + CHUNK); i++) {
        chunk.add(change.apply(wish.request(i)));
      }
      client.enqueueAll(chunk);
    }
  }

  /** Enqueues where the engine is, if one runs, so that it is woken. */
  @Override
  public Producer producer() {
    Jobs engine = running;
    Jobs jobs = engine == null ? client : engine;
    JobRequest<String> request = wish.request(0);
    return () -> jobs.enqueue(request);
  }

  @Override
  public Engine start(int workers, Runnable handler) {
    return start(workers, handler, builder -> builder);
  }

  /** Starts with other settings than the defaults. */
  public Engine start(int workers, Runnable handler, UnaryOperator<JobsBuilder> change) {
    return start(workers, handler, change, store.open());
  }

  private Engine start(
      int workers, Runnable handler, UnaryOperator<JobsBuilder> change, JobStore opened) {
    Settled settled = new Settled();
    WorkerOptions options = WorkerOptions.of(workers);
    Jobs jobs =
        change
            .apply(builder(opened))
            .workers(wish == Wish.FAIR_SHARE ? options.fairShare(FairShare.equal()) : options)
            .listener(
                event -> {
                  if (event instanceof JobEvent.Succeeded) {
                    settled.add(1);
                  }
                })
            .handler(
                NOTHING,
                (payload, context) -> {
                  handler.run();
                  return null;
                })
            .start();
    running = jobs;
    return new Engine() {
      @Override
      public void awaitSettled(long count) throws Exception {
        settled.await(count);
      }

      @Override
      public void close() {
        running = null;
        jobs.close();
      }
    };
  }

  /** Starts an engine that finds its jobs by polling alone, this often. */
  public Engine startPolling(int workers, Runnable handler, Duration interval) {
    return start(
        workers,
        handler,
        builder -> builder.options(EngineOptions.builder().pollInterval(interval).build()),
        store.openDeaf());
  }

  @Override
  public void clear() throws Exception {
    store.clear();
  }

  @Override
  public boolean keepsEnded() {
    return store.history() == History.KEEP;
  }

  @Override
  public long unfinished() throws Exception {
    return store.unfinished();
  }

  @Override
  public void close() {
    client.close();
  }
}
