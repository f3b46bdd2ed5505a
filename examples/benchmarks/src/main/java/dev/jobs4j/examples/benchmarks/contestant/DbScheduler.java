package dev.jobs4j.examples.benchmarks.contestant;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.jobs4j.examples.benchmarks.database.Area;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** db-scheduler as its README tunes it for throughput: lock-and-fetch, limits 1.0 and 4.0. */
final class DbScheduler implements Contestant {

  private static final int CHUNK = 1_000;

  private final Area area;
  private volatile @Nullable Scheduler running;

  DbScheduler(Area area) throws SQLException {
    this.area = area;
    area.execute(
        """
        CREATE TABLE IF NOT EXISTS scheduled_tasks (
          task_name text NOT NULL, task_instance text NOT NULL, task_data bytea,
          execution_time timestamptz NOT NULL, picked boolean NOT NULL, picked_by text,
          last_success timestamptz, last_failure timestamptz, consecutive_failures int,
          last_heartbeat timestamptz, version bigint NOT NULL, priority smallint,
          PRIMARY KEY (task_name, task_instance))
        """,
        "CREATE INDEX IF NOT EXISTS execution_time_idx ON scheduled_tasks (execution_time)",
        "CREATE INDEX IF NOT EXISTS last_heartbeat_idx ON scheduled_tasks (last_heartbeat)");
  }

  @Override
  public String name() {
    return "db-scheduler";
  }

  @Override
  public String about() {
    return Peers.jar(Scheduler.class)
        + ", pollUsingLockAndFetch(1.0, 4.0), enableImmediateExecution, scheduleBatch";
  }

  @Override
  public int jobs(int asked) {
    return Math.max(1, asked / 2);
  }

  private static OneTimeTask<String> task(Runnable handler) {
    return Tasks.oneTime("nothing", String.class).execute((instance, context) -> handler.run());
  }

  private static TaskInstance<String> instance(OneTimeTask<String> task) {
    return task.instance(UUID.randomUUID().toString(), "nothing");
  }

  @Override
  public void enqueue(int jobs, Duration delay) {
    OneTimeTask<String> task = task(() -> {});
    SchedulerClient client = SchedulerClient.Builder.create(area.pool(), task).build();
    Instant due = Instant.now().plus(delay);
    for (int done = 0; done < jobs; done += CHUNK) {
      List<TaskInstance<?>> chunk = new ArrayList<>(CHUNK);
      for (int i = done; i < Math.min(jobs, done + CHUNK); i++) {
        chunk.add(instance(task));
      }
      client.scheduleBatch(chunk, due);
    }
  }

  @Override
  public Producer producer() {
    OneTimeTask<String> task = task(() -> {});
    Scheduler scheduler = running;
    SchedulerClient client =
        scheduler == null ? SchedulerClient.Builder.create(area.pool(), task).build() : scheduler;
    return () -> client.scheduleIfNotExists(instance(task), Instant.now());
  }

  @Override
  public Engine start(int workers, Runnable handler) {
    Scheduler scheduler =
        Scheduler.create(area.pool(), task(handler))
            .threads(workers)
            .pollUsingLockAndFetch(1.0, 4.0)
            .enableImmediateExecution()
            .build();
    scheduler.start();
    running = scheduler;
    return new Engine() {
      @Override
      public void awaitSettled(long jobs) throws Exception {
        Peers.awaitNone(DbScheduler.this::unfinished);
      }

      @Override
      public void close() {
        running = null;
        scheduler.stop();
      }
    };
  }

  @Override
  public void clear() throws SQLException {
    area.execute("TRUNCATE scheduled_tasks");
  }

  @Override
  public long unfinished() throws SQLException {
    return area.number("SELECT count(*) FROM scheduled_tasks WHERE execution_time <= now()");
  }
}
