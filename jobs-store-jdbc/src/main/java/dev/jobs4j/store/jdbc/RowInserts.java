package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.NewJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Inserts rows that may be there already: what is there stays, and the transaction goes on. */
interface RowInserts {

  /**
   * A row of the hot area.
   *
   * @param waits for how many jobs it waits
   */
  record NewRow(NewJob job, int waits) {}

  /** A key and the job that takes it. */
  record NewKey(String value, UUID job, long windowMicros) {}

  /** Whether so many jobs are one statement, which needs no transaction around it. */
  boolean isOneStatement(int jobs);

  /** Inserts the jobs whose ids are not in the hot area; returns the ids of those. */
  Set<UUID> insertJobs(Connection connection, List<NewRow> rows) throws SQLException;

  /** Inserts the keys that are not in the key table; returns those. */
  Set<String> insertKeys(Connection connection, List<NewKey> keys) throws SQLException;
}
