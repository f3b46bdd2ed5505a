package dev.jobs4j.examples.atworker;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.core.DeadLetterHandling;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.json.JacksonPayloadCodec;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import dev.jobs4j.store.jdbc.JdbcStoreOptions;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.History;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.SchemaMode;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker: where its parts meet, and where its process begins and ends. */
public final class AtWorker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AtWorker.class);
  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(2);

  private final HikariDataSource database;
  private final Jobs jobs;
  private final Feeder feeder;
  private final Thread feeding;
  private final RabbitPublisher publisher;

  private AtWorker(Settings settings, HikariDataSource database) {
    Settings.Worker worker = settings.worker();
    Tasks tasks = new Tasks(database);
    TaskRuns runs = new TaskRuns(tasks, worker.taskTimeout(), System::nanoTime);
    JdbcJobStore store = JdbcJobStore.of(database, storeOptions());
    Cleaner cleaner =
        new Cleaner(database, tasks, worker.stuckTimeout(), id -> store.records().find(id));
    HandlerOptions options =
        HandlerOptions.defaults()
            .timeout(worker.taskTimeout())
            .retry(RetryPolicy.of(1, backoff(worker))); // how often, each row says itself
    this.database = database;
    publisher = new RabbitPublisher(settings.amqpUrl(), "at-worker " + worker.id());
    jobs =
        Jobs.fromEnvironment(settings.engine())
            .store(store)
            .codec(exactJson())
            .workers(WorkerOptions.of(worker.batchSize()))
            .queue(Cleaner.NAME, WorkerOptions.of(1))
            .handler(
                TaskType.HTTP_CALLBACK,
                new HttpCallbacks(settings.targets(), worker.httpTimeout()),
                options)
            .handler(TaskType.RABBITMQ, publisher, options)
            .handler(TaskType.EMAIL, new Mailer(settings.mail(), InstantSource.system()), options)
            .handlers(cleaner)
            .interceptor(runs)
            .deadLetters(DeadLetterHandling.ofAll(runs::giveUp))
            .recurring(
                RecurringJob.of(
                    Cleaner.NAME, Schedule.every(worker.cleanerInterval()), Cleaner.TYPE, ""))
            .start();
    feeder = new Feeder(worker, database, tasks, jobs, () -> worker.batchSize() - runs.running());
    feeding = new Thread(feeder, "at-worker-feeder");
  }

  /** Rows are the history of what went well; the library need not keep it a second time. */
  private static JdbcStoreOptions storeOptions() {
    return JdbcStoreOptions.builder()
        .schemaMode(SchemaMode.MIGRATE)
        .history(History.DELETE)
        .build();
  }

  /** The first wait is about that of a poll, as if the row had been put back. */
  private static Backoff backoff(Settings.Worker worker) {
    Duration first = worker.pollingInterval();
    return Backoff.exponential(
        first, first.compareTo(LONGEST_BACKOFF) > 0 ? first : LONGEST_BACKOFF);
  }

  /** Numbers reach their receiver to the last digit. */
  private static JacksonPayloadCodec exactJson() {
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(200).build());
    return JacksonPayloadCodec.of(mapper);
  }

  /**
   * Connects, looks whether all is there, and begins to work.
   *
   * @throws StartException if the database cannot be worked with
   * @throws JobException if the library cannot start
   */
  static AtWorker start(Settings settings) {
    HikariDataSource database = TaskDatabase.open(settings.database(), settings.worker());
    try {
      AtWorker worker = new AtWorker(settings, database);
      log.info("[Executor] http_callback may call {}", settings.targets());
      log.info(
          "[Cleaner] Started with interval {}, stuck timeout {}",
          Settings.text(settings.worker().cleanerInterval()),
          Settings.text(settings.worker().stuckTimeout()));
      worker.feeding.start();
      return worker;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Takes no more rows, lets what runs finish, then closes the connections. */
  @Override
  public void close() {
    feeder.stop();
    try {
      feeding.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // and hurry
    }
    jobs.close();
    publisher.close();
    database.close();
  }

  /** Works until it is told to stop. Ends with 0, or with 1 if it could not start or finish. */
  public static void main(String[] args) {
    System.exit(run());
  }

  private static int run() {
    StopSignal signal = StopSignal.install();
    try (AtWorker worker = start(Settings.system())) {
      log.info("Received signal {}, initiating graceful shutdown...", signal.await());
    } catch (StartException | JobException e) {
      log.error(String.valueOf(e.getMessage()));
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean hurried = Thread.interrupted();
    log.info(hurried ? "Stopped before all tasks were done" : "Stopped");
    return hurried ? 1 : 0;
  }
}
