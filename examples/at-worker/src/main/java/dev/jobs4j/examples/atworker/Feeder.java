package dev.jobs4j.examples.atworker;

import com.fasterxml.jackson.databind.util.RawValue;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import dev.jobs4j.examples.atworker.Tasks.Task;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a job of each row that is due, in the transaction that makes the row {@code processing}: so
 * there is both or neither, whenever the process dies. Takes as many as can start here. Runs on a
 * thread of its own until it is stopped; no error ends it.
 */
final class Feeder implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Feeder.class);

  private final Settings.Worker settings;
  private final DataSource database;
  private final Tasks tasks;
  private final JobClient jobs;
  private final IntSupplier freeSlots;
  private final CountDownLatch stopped = new CountDownLatch(1);

  Feeder(
      Settings.Worker settings,
      DataSource database,
      Tasks tasks,
      JobClient jobs,
      IntSupplier freeSlots) {
    this.settings = settings;
    this.database = database;
    this.tasks = tasks;
    this.jobs = jobs;
    this.freeSlots = freeSlots;
  }

  @Override
  public void run() {
    log.info(
        "[Worker {}] Started with polling interval {}, batch size {}",
        settings.id(),
        Settings.text(settings.pollingInterval()),
        settings.batchSize());
    try {
      do {
        poll();
      } while (!stopped.await(settings.pollingInterval().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void stop() {
    stopped.countDown();
  }

  private void poll() {
    try {
      int limit = freeSlots.getAsInt();
      if (limit > 0) {
        feed(limit);
      }
    } catch (Throwable e) { // whatever it is, the next poll may do better
      log.warn("[Worker {}] Failed to fetch tasks: {}", settings.id(), e.toString());
    }
  }

  /** Returns how many rows it took. */
  int feed(int limit) throws SQLException {
    List<Runnable> afterCommit = new ArrayList<>();
    int found;
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      List<Task> due = tasks.lockDue(connection, limit);
      JobClient client = jobs.in(JdbcJobStore.transaction(connection, afterCommit::add));
      for (Task task : due) {
        feed(connection, client, task);
      }
      connection.commit(); // else the pool rolls back
      found = due.size();
    }
    if (found > 0) {
      log.info("[Worker {}] Found {} tasks to process", settings.id(), found);
    }
    afterCommit.forEach(Runnable::run);
    return found;
  }

  private void feed(Connection connection, JobClient client, Task task) throws SQLException {
    try {
      JobId job = client.enqueue(request(task)).id();
      tasks.giveTo(connection, task, job);
    } catch (InvalidJobException e) { // refused before anything was stored
      log.warn("[Executor] Task {} failed: {} (not begun)", task.id(), e.getMessage());
      tasks.refuse(connection, task, String.valueOf(e.getMessage()));
    }
  }

  /** The payload travels as it is; whether it is what the handler takes, the handler says. */
  private static JobRequest<RawValue> request(Task task) {
    if (!TaskType.isOne(task.type())) {
      throw new InvalidJobException(
          "unknown task type \"" + task.type() + "\", there are " + TaskType.NAMES);
    }
    return JobType.of(task.type(), RawValue.class)
        .request(new RawValue(task.payload()))
        .tags(TaskRuns.tag(task.id()))
        .maxAttempts(Math.max(1, task.maxAttempts() - task.attempts()));
  }
}
