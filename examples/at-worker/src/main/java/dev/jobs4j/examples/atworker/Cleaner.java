package dev.jobs4j.examples.atworker;

import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.retry.Retry;
import dev.jobs4j.examples.atworker.Tasks.Held;
import dev.jobs4j.examples.atworker.Tasks.Restored;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for rows that have been in processing for long and that no job looks after: whoever took
 * them, such as a worker of another make, is gone. A row whose job waits or runs is left alone
 * however long it takes; should that job's worker die, the library runs it again. A recurring job:
 * of all workers, one cleans at a time.
 */
final class Cleaner {

  static final String NAME = "cleaner";
  static final JobType<String> TYPE = JobType.of(NAME, String.class).onQueue(NAME);

  private static final Logger log = LoggerFactory.getLogger(Cleaner.class);

  private final DataSource database;
  private final Tasks tasks;
  private final Duration stuckTimeout;
  private final Function<JobId, Optional<Job>> jobs;

  Cleaner(
      DataSource database,
      Tasks tasks,
      Duration stuckTimeout,
      Function<JobId, Optional<Job>> jobs) {
    this.database = database;
    this.tasks = tasks;
    this.stuckTimeout = stuckTimeout;
    this.jobs = jobs;
  }

  /** One round, in batches, each in a transaction; the next round does what this one does not. */
  @JobHandler(type = NAME, queue = NAME, timeout = "5m", retry = @Retry(attempts = 1))
  void clean() throws SQLException {
    long last = Long.MIN_VALUE;
    int changed = 0;
    List<Held> batch;
    do {
      try (Connection connection = database.getConnection()) {
        connection.setAutoCommit(false);
        batch = tasks.lockStuck(connection, stuckTimeout, last);
        for (Held held : batch) {
          last = held.id();
          changed += clean(connection, held) ? 1 : 0;
        }
        connection.commit();
      }
    } while (!batch.isEmpty());
    log.info("[Cleaner] Checked for stuck tasks: {} found", changed);
  }

  private boolean clean(Connection connection, Held held) throws SQLException {
    @Nullable Job job = held.job() == null ? null : jobs.apply(held.job()).orElse(null);
    if (job != null && !job.state().isTerminal()) {
      return false;
    }
    if (job != null) { // dead or called off, and nobody came to tell the row
      String why = job.lastFailure().map(Failure::message).orElse("called off");
      tasks.giveUp(connection, held.id(), job.id(), job.attempt(), why);
      log.warn("[Cleaner] Marked task {} as failed: {}", held.id(), why);
      return true;
    }
    Restored restored = tasks.restore(connection, held.id());
    log.warn(
        restored.failed()
            ? "[Cleaner] Marked task {} as failed (attempts: {} of {})"
            : "[Cleaner] Restored stuck task {} (attempts: {} of {})",
        held.id(),
        restored.attempts(),
        restored.maxAttempts());
    return true;
  }
}
