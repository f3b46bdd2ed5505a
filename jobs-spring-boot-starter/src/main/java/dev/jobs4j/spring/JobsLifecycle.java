package dev.jobs4j.spring;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * Runs jobs while the application runs: starts after its web server, and is the first to stop, so
 * that what a job uses is still there while it drains. An application may stop and start it too;
 * enqueueing goes on meanwhile. Thread-safe.
 */
public final class JobsLifecycle implements SmartLifecycle {

  /** Late to start and early to stop, as listeners of a broker are. */
  static final int PHASE = Integer.MAX_VALUE - 100;

  private static final Logger log = LoggerFactory.getLogger(JobsLifecycle.class);

  private final CurrentJobs jobs;
  private final boolean autoStartup;
  private volatile boolean running;

  JobsLifecycle(CurrentJobs jobs, JobsProperties.Worker worker, Duration shutdownPhase) {
    this.jobs = jobs;
    this.autoStartup = worker.autoStartup();
    Duration longest = worker.drainTimeout().plus(worker.interruptGrace());
    if (longest.compareTo(shutdownPhase) >= 0) {
      log.warn(
          "Spring gives up waiting for jobs before they are drained: make"
              + " jobs.worker.drain-timeout + jobs.worker.interrupt-grace={} shorter than"
              + " spring.lifecycle.timeout-per-shutdown-phase={}",
          longest,
          shutdownPhase);
    }
  }

  /**
   * Starts running jobs. Waits for a stop that goes on. Without effect while it runs.
   *
   * @throws dev.jobs4j.api.JobException if something is missing or contradicts
   */
  @Override
  public void start() {
    jobs.start();
    running = true;
  }

  /** Drains and returns when that is done. Without effect while it is stopped. */
  @Override
  public void stop() {
    running = false;
    jobs.close();
  }

  /** Drains on a thread of its own, so that others of the same phase stop at the same time. */
  @Override
  public void stop(Runnable callback) {
    SimpleAsyncTaskExecutor thread = new SimpleAsyncTaskExecutor("jobs-stop-");
    thread.setDaemon(true);
    thread.execute(
        () -> {
          try {
            stop();
          } finally {
            callback.run(); // or Spring waits its whole timeout
          }
        });
  }

  /** Whether it was started and not stopped. */
  @Override
  public boolean isRunning() {
    return running;
  }

  /** What {@code jobs.worker.auto-startup} says. */
  @Override
  public boolean isAutoStartup() {
    return autoStartup;
  }

  /** Above the web server's phases. */
  @Override
  public int getPhase() {
    return PHASE;
  }
}
