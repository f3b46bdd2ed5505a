package dev.jobs4j.examples.benchmarks.contestant;

import dev.jobs4j.examples.benchmarks.database.Area;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobBuilder;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.StorageProviderUtils.DatabaseOptions;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/** JobRunr, the free edition: job requests instead of lambdas, its shortest poll interval. */
final class JobRunrServer implements Contestant {

  private static final int CHUNK = 5_000;

  private final Area area;
  private final JsonMapper json = new JacksonJsonMapper();
  private final StorageProvider storage;
  private final JobRequestScheduler scheduler;

  /** What is asked for. */
  public record Nothing(String payload) implements JobRequest {
    @Override
    public Class<NothingHandler> getJobRequestHandler() {
      return NothingHandler.class;
    }
  }

  /** Runs it. */
  public static final class NothingHandler implements JobRequestHandler<Nothing> {
    private final Runnable body;

    NothingHandler(Runnable body) {
      this.body = body;
    }

    @Override
    public void run(Nothing request) {
      body.run();
    }
  }

  JobRunrServer(Area area) {
    this.area = area;
    storage = new PostgresStorageProvider(area.pool(), DatabaseOptions.CREATE);
    storage.setJobMapper(new JobMapper(json));
    scheduler = new JobRequestScheduler(storage);
  }

  @Override
  public String name() {
    return "jobrunr";
  }

  @Override
  public String about() {
    return Peers.jar(BackgroundJobServer.class)
        + " (free edition), pollInterval 5 s (the least), JobRequest, Jackson, bulk enqueue of a"
        + " stream; keeps ended jobs";
  }

  @Override
  public int jobs(int asked) {
    return Math.max(1, asked / 5);
  }

  @Override
  public void enqueue(int jobs, Duration delay) {
    if (delay.isZero()) {
      for (int done = 0; done < jobs; done += CHUNK) {
        scheduler.enqueue(
            IntStream.range(done, Math.min(jobs, done + CHUNK)).mapToObj(i -> nothing()));
      }
    } else {
      Instant due = Instant.now().plus(delay);
      for (int done = 0; done < jobs; done += CHUNK) {
        scheduler.create(
            IntStream.range(done, Math.min(jobs, done + CHUNK))
                .mapToObj(i -> JobBuilder.aJob().withJobRequest(nothing()).scheduleAt(due)));
      }
    }
  }

  private static Nothing nothing() {
    return new Nothing("nothing");
  }

  @Override
  public Producer producer() {
    return () -> scheduler.enqueue(nothing());
  }

  @Override
  public Engine start(int workers, Runnable handler) {
    JobActivator activator =
        new JobActivator() {
          @Override
          public <T> T activateJob(Class<T> type) {
            return type.cast(new NothingHandler(handler));
          }
        };
    BackgroundJobServer server =
        new BackgroundJobServer(
            storage,
            json,
            activator,
            BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andId(UUID.randomUUID())
                .andWorkerCount(workers)
                .andPollInterval(Duration.ofSeconds(5)));
    server.start();
    return new Engine() {
      @Override
      public void awaitSettled(long jobs) throws Exception {
        Peers.awaitNone(JobRunrServer.this::unfinished);
      }

      @Override
      public void close() {
        server.stop();
      }
    };
  }

  @Override
  public void clear() throws SQLException {
    area.execute("TRUNCATE jobrunr_jobs");
  }

  @Override
  public boolean keepsEnded() {
    return true;
  }

  @Override
  public long unfinished() throws SQLException {
    return area.number(
        "SELECT count(*) FROM jobrunr_jobs WHERE state IN ('ENQUEUED', 'PROCESSING')");
  }
}
