package dev.jobs4j.spring;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.core.EngineHealth;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link Jobs} of the moment. An engine runs once, an application may start and stop many
 * times: each start makes a new one, and between two of them one that only enqueues stands in. The
 * store is the application's, so none of them is ever closed. Thread-safe.
 */
final class CurrentJobs implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CurrentJobs.class);

  private final Supplier<JobsBuilder> builders;
  private final Consumer<JobsBuilder> limits;
  private final Consumer<JobsBuilder> work;
  private final Object startOrStop = new Object();
  private final Object making = new Object();

  private volatile @Nullable Jobs idle;
  private volatile @Nullable Jobs running;
  private volatile @Nullable Jobs stopped;
  private volatile boolean started;

  /**
   * Jobs of these builders.
   *
   * @param limits gives a builder what is declared at the start; what stands in after a stop leaves
   *     them as somebody may have changed them since
   * @param work gives a builder what is run
   */
  CurrentJobs(
      Supplier<JobsBuilder> builders, Consumer<JobsBuilder> limits, Consumer<JobsBuilder> work) {
    this.builders = builders;
    this.limits = limits;
    this.work = work;
  }

  /** What enqueues now; wakes the engine if it runs. */
  Jobs get() {
    Jobs now = running;
    return now != null ? now : idle();
  }

  private Jobs idle() {
    Jobs made = idle;
    if (made != null) {
      return made;
    }
    synchronized (making) { // two first enqueues at once must not make two
      if (idle == null) {
        JobsBuilder builder = builders.get();
        if (!started) {
          limits.accept(builder);
        }
        idle = builder.enqueueOnly();
      }
      return idle;
    }
  }

  /**
   * Starts an engine, unless one runs or there is no handler; waits for a stop that goes on.
   *
   * @throws JobsSetupException if something is missing or contradicts
   */
  void start() {
    synchronized (startOrStop) { // a start during a drain must not run two engines
      if (running == null) {
        try {
          startNew();
        } catch (InvalidJobException e) {
          throw new JobsSetupException(
              "The jobs of this application cannot be run as they are set up: " + e.getMessage(),
              "Change or remove the bean, the property (jobs.archive.folder sets an archive) or the"
                  + " JobsBuilderCustomizer that it is from. If a store is missing, add"
                  + " dev.jobs4j:jobs-store-jdbc and set spring.datasource.url, or define a"
                  + " JobStore bean.",
              e);
        }
      }
    }
  }

  private void startNew() {
    JobsBuilder builder = builders.get();
    limits.accept(builder);
    work.accept(builder);
    if (!builder.hasHandlers()) {
      log.info("No bean has a @JobHandler method, so jobs are enqueued here and run elsewhere");
      return;
    }
    stopped = null;
    running = builder.start();
    started = true;
  }

  /** Drains the engine, if one runs. Enqueueing goes on. */
  @Override
  public void close() {
    synchronized (startOrStop) {
      Jobs now = running;
      if (now != null) {
        now.stop();
        stopped = now;
        running = null;
      }
    }
  }

  /** How the engine is, or was at its end; empty if there was none yet. */
  Optional<EngineHealth> health() {
    Jobs now = running;
    return Optional.ofNullable(now != null ? now : stopped).map(Jobs::health);
  }
}
