package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Fifo;
import dev.jobs4j.spi.NewJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Inserts rows that may be there already: what is there stays, and the transaction goes on. */
interface RowInserts {

  /**
   * A row of the hot area.
   *
   * @param waits for how many jobs it waits
   */
  record NewRow(NewJob job, int waits) {

    /** Of a line as well until it is known who is the first of it. */
    @Nullable String blockReason() {
      if (job.fifo() != null) {
        return waits > 0 ? "BOTH" : "FIFO";
      }
      return waits > 0 ? "PARENTS" : null;
    }

    @Nullable String lineKey() {
      Fifo fifo = job.fifo();
      return fifo == null ? null : fifo.key();
    }

    @Nullable Boolean lineSkip() {
      Fifo fifo = job.fifo();
      return fifo == null ? null : fifo.onDead() == Fifo.OnDead.SKIP;
    }
  }

  /** A key and the job that takes it. */
  record NewKey(String value, UUID job, long windowMicros) {}

  /** Whether so many jobs are one statement, which needs no transaction around it. */
  boolean isOneStatement(int jobs);

  /** Inserts the jobs whose ids are not in the hot area; returns the ids of those. */
  Set<UUID> insertJobs(Connection connection, List<NewRow> rows) throws SQLException;

  /** Inserts the keys that are not in the key table; returns those. */
  Set<String> insertKeys(Connection connection, List<NewKey> keys) throws SQLException;

  /**
   * Lets so many join each of these lines: makes those that are not there, in the order of their
   * keys, and locks all; returns what they are then.
   */
  List<Lines.State> joinLines(Connection connection, SortedMap<String, Integer> joining)
      throws SQLException;
}
