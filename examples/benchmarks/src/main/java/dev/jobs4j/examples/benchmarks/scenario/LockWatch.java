package dev.jobs4j.examples.benchmarks.scenario;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks every few milliseconds, while another probe measures, whether a session waits for a lock.
 */
record LockWatch(Entrant.Probe probe) implements Entrant.Probe {

  static final String WAITS = "% of looks that saw a lock wait";

  private static final long PAUSE = 5_000_000;

  @Override
  public Map<String, Double> measure(Bout bout) throws Exception {
    Looks looks = new Looks(bout);
    Map<String, Double> figures;
    try (Crew crew = new Crew()) {
      crew.start(looks::run);
      try {
        figures = new LinkedHashMap<>(probe.measure(bout));
      } finally {
        looks.over = true;
      }
      crew.await();
    }
    figures.put(WAITS, looks.looks == 0 ? 0 : 100.0 * looks.waits / looks.looks);
    return figures;
  }

  private static final class Looks {
    private final Bout bout;
    private volatile boolean over;
    private int looks;
    private int waits;

    Looks(Bout bout) {
      this.bout = bout;
    }

    void run() throws SQLException {
      while (!over) {
        looks++;
        if (bout.database().waitingForLocks() > 0) {
          waits++;
        }
        LockSupport.parkNanos(PAUSE);
      }
    }
  }
}
