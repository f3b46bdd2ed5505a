package dev.jobs4j.examples.benchmarks.database;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a stretch of work cost on both sides, from {@link #start} on. */
public final class Meter {

  private static final Set<String> PER_JOB =
      Set.of("transactions", "statements", "WAL bytes", "row writes", "HOT updates");

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final @Nullable Database database;
  private final Map<String, Double> serverBefore;
  private final Map<Long, Long> allocatedBefore;
  private final long cpuBefore;
  private double cpuSeconds;
  private double allocated;

  private Meter(@Nullable Database database) throws SQLException {
    this.database = database;
    serverBefore = database == null ? Map.of() : database.counts();
    allocatedBefore = allocatedByThread();
    cpuBefore = SYSTEM.getProcessCpuTime();
  }

  /** Starts; without a database only this JVM is measured. */
  public static Meter start(@Nullable Database database) throws SQLException {
    return new Meter(database);
  }

  /** Ends the client's part: while the threads that did the work are still there. */
  public void stopClient() {
    cpuSeconds = (SYSTEM.getProcessCpuTime() - cpuBefore) / 1e9;
    allocated = 0;
    allocatedByThread()
        .forEach((id, bytes) -> allocated += bytes - allocatedBefore.getOrDefault(id, 0L));
  }

  /** The figures per job; counts of the server are complete once its sessions have ended. */
  public Map<String, Double> perJob(long jobs) throws SQLException {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("client CPU s/1000 jobs", cpuSeconds / jobs * 1000);
    figures.put("allocated bytes/job", allocated / jobs);
    difference()
        .forEach(
            (name, value) -> {
              if (PER_JOB.contains(name)) {
                figures.put(name + "/job", value / jobs);
              } else if (name.equals("server CPU s")) {
                figures.put("server CPU s/1000 jobs", value / jobs * 1000);
              } else {
                figures.put(name, value);
              }
            });
    return figures;
  }

  /** What the server has counted in between. */
  public Map<String, Double> difference() throws SQLException {
    Map<String, Double> difference = new HashMap<>();
    if (database != null) {
      database
          .counts()
          .forEach(
              (name, value) -> difference.put(name, value - serverBefore.getOrDefault(name, 0.0)));
    }
    return difference;
  }

  private static Map<Long, Long> allocatedByThread() {
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    Map<Long, Long> byThread = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      byThread.put(ids[i], Math.max(0, bytes[i]));
    }
    return byThread;
  }
}
