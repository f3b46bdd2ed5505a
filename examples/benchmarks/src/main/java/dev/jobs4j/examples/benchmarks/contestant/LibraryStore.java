package dev.jobs4j.examples.benchmarks.contestant;

import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.examples.benchmarks.database.Area;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import dev.jobs4j.store.jdbc.JdbcStoreOptions;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.History;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.WakeUpMode;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Where the library keeps its jobs. */
public interface LibraryStore {

  /** Another store object for the same jobs, as each engine and client has its own. */
  JobStore open();

  /** The same, which hears of nothing: only polling finds a job. */
  default JobStore openDeaf() {
    return open();
  }

  /** What becomes of jobs that have succeeded. */
  History history();

  /** How many jobs are due and have not ended. */
  long unfinished() throws SQLException;

  /** Deletes all jobs. */
  void clear() throws SQLException;

  /** Tables in an area, made at need. */
  static LibraryStore jdbc(Area area, History history) {
    return new LibraryStore() {
      @Override
      public JobStore open() {
        return jdbcStore(area.pool(), history, WakeUpMode.AFTER_COMMIT);
      }

      @Override
      public JobStore openDeaf() {
        return jdbcStore(area.pool(), history, WakeUpMode.NEVER);
      }

      @Override
      public History history() {
        return history;
      }

      @Override
      public void clear() throws SQLException {
        area.execute("DELETE FROM jobs_place", "DELETE FROM jobs_line");
        area.execute("TRUNCATE TABLE jobs_job", "TRUNCATE TABLE jobs_history");
      }

      @Override
      public long unfinished() throws SQLException {
        return area.number("SELECT count(*) FROM jobs_job WHERE run_at <= " + area.now());
      }
    };
  }

  /** A store as every contestant of the library has it; the schema is migrated at once. */
  static JdbcJobStore jdbcStore(DataSource pool, History history, WakeUpMode wakeUps) {
    return JdbcJobStore.of(
        pool,
        JdbcStoreOptions.builder()
            .schemaMode(JdbcStoreOptions.SchemaMode.MIGRATE)
            .history(history)
            .wakeUps(wakeUps)
            .build());
  }

  /** The heap. */
  static LibraryStore memory() {
    InMemoryJobStore store = InMemoryJobStore.create();
    return new LibraryStore() {
      @Override
      public JobStore open() {
        return store;
      }

      @Override
      public History history() {
        return History.KEEP;
      }

      @Override
      public void clear() {
        throw new UnsupportedOperationException("the heap is not emptied");
      }

      @Override
      public long unfinished() {
        return 0;
      }
    };
  }
}
