package dev.jobs4j.examples.benchmarks.contestant;

import dev.jobs4j.examples.benchmarks.database.Area;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Quartz with a clustered JDBC store: one durable job, a trigger for each run, batches of ten. */
final class QuartzCluster implements Contestant {

  private static final int CHUNK = 1_000;
  private static final JobDetail NOTHING =
      JobBuilder.newJob(Nothing.class).withIdentity("nothing").storeDurably().build();

  private final Area area;
  private @Nullable Scheduler scheduler;
  private int threads;

  /** Stands for the handler in the tables. */
  public static final class Nothing implements Job {
    @Override
    public void execute(JobExecutionContext context) {}
  }

  QuartzCluster(Area area) throws SQLException, IOException {
    this.area = area;
    try (InputStream tables =
        StdSchedulerFactory.class.getResourceAsStream("jdbcjobstore/tables_postgres.sql")) {
      if (tables == null) {
        throw new IOException("tables_postgres.sql is not in " + Peers.jar(Scheduler.class));
      }
      area.execute(new String(tables.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Override
  public String name() {
    return "quartz";
  }

  @Override
  public String about() {
    return Peers.jar(Scheduler.class)
        + ", JobStoreTX clustered, batchTriggerAcquisitionMaxCount = threads,"
        + " acquireTriggersWithinLock, one durable job with a trigger per run";
  }

  @Override
  public int jobs(int asked) {
    return Math.max(1, asked / 50);
  }

  private synchronized Scheduler scheduler(int workers) throws SchedulerException {
    if (scheduler != null && threads != workers) {
      scheduler.shutdown(true);
      scheduler = null;
    }
    if (scheduler == null) {
      DBConnectionManager.getInstance().addConnectionProvider(area.name(), new Pool(area));
      scheduler = new StdSchedulerFactory(properties(workers)).getScheduler();
      threads = workers;
    }
    return scheduler;
  }

  private Properties properties(int workers) {
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "org.quartz.scheduler.instanceName",
            area.name(),
            "org.quartz.scheduler.instanceId",
            "AUTO",
            "org.quartz.scheduler.batchTriggerAcquisitionMaxCount",
            "" + workers,
            "org.quartz.threadPool.threadCount",
            "" + workers,
            "org.quartz.jobStore.class",
            "org.quartz.impl.jdbcjobstore.JobStoreTX"));
    properties.putAll(
        Map.of(
            "org.quartz.jobStore.driverDelegateClass",
            "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate",
            "org.quartz.jobStore.dataSource",
            area.name(),
            "org.quartz.jobStore.isClustered",
            "true",
            "org.quartz.jobStore.acquireTriggersWithinLock",
            "true",
            "org.quartz.jobStore.useProperties",
            "true",
            "org.quartz.jobStore.misfireThreshold",
            "3600000"));
    return properties;
  }

  private static Trigger trigger(Instant due) {
    return TriggerBuilder.newTrigger()
        .withIdentity(UUID.randomUUID().toString())
        .forJob(NOTHING)
        .usingJobData("payload", "nothing")
        .startAt(Date.from(due))
        .build();
  }

  private Scheduler standing() throws SchedulerException {
    Scheduler present = scheduler;
    return present == null ? scheduler(10) : present;
  }

  @Override
  public void enqueue(int jobs, Duration delay) throws SchedulerException {
    Instant due = Instant.now().plus(delay);
    for (int done = 0; done < jobs; done += CHUNK) {
      Set<Trigger> chunk = new HashSet<>();
      for (int i = done; i < Math.min(jobs, done + CHUNK); i++) {
        chunk.add(trigger(due));
      }
      standing().scheduleJobs(Map.of(NOTHING, chunk), true);
    }
  }

  @Override
  public Producer producer() throws SchedulerException {
    Scheduler standing = standing();
    standing.addJob(NOTHING, true);
    return () -> standing.scheduleJob(trigger(Instant.now()));
  }

  @Override
  public Engine start(int workers, Runnable handler) throws SchedulerException {
    Scheduler running = scheduler(workers);
    running.setJobFactory((bundle, from) -> context -> handler.run());
    running.start();
    return new Engine() {
      @Override
      public void awaitSettled(long jobs) throws Exception {
        Peers.awaitNone(QuartzCluster.this::unfinished);
      }

      @Override
      public void close() throws SchedulerException {
        QuartzCluster.this.close();
      }
    };
  }

  @Override
  public void clear() throws SQLException {
    area.execute("TRUNCATE qrtz_triggers, qrtz_fired_triggers CASCADE");
  }

  @Override
  public long unfinished() throws SQLException {
    return area.number(
        """
        SELECT (SELECT count(*) FROM qrtz_triggers
                 WHERE next_fire_time <= extract(epoch FROM now()) * 1000)
             + (SELECT count(*) FROM qrtz_fired_triggers)
        """);
  }

  @Override
  public synchronized void close() throws SchedulerException {
    if (scheduler != null) {
      scheduler.shutdown(true);
      scheduler = null;
    }
  }

  /** Quartz takes its connections from the pool that all have. */
  private record Pool(Area area) implements ConnectionProvider {
    @Override
    public Connection getConnection() throws SQLException {
      return area.pool().getConnection();
    }

    @Override
    public void initialize() {}

    @Override
    public void shutdown() {}
  }
}
