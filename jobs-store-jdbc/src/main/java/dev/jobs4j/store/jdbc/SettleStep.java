package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.Settlement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes outcomes of jobs that run under exactly the token that is told. */
interface SettleStep {

  /**
   * A settlement that was applied.
   *
   * @param ending how the job ended, or null if it waits again
   * @param uniqueKey the key that it may now free, or null
   * @param line the line that it leaves, or null
   * @param limits the column of the limits whose permits it gives back, or null
   */
  record Applied(
      UUID job,
      long token,
      @Nullable Ending ending,
      @Nullable String uniqueKey,
      @Nullable String line,
      @Nullable String limits) {}

  /** Applies each that is still held; the jobs are all different and in order of id. */
  List<Applied> apply(Connection connection, List<Settlement> settlements) throws SQLException;
}
