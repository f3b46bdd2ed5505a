package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.LeasedJob;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;

/** A job found due, with what decides its place: the more urgent first, then the longest due. */
record Candidate(LeasedJob job, int priority, Instant runAt) {

  static final Comparator<Candidate> IN_ORDER =
      Comparator.comparingInt(Candidate::priority)
          .thenComparing(Candidate::runAt)
          .thenComparing(candidate -> candidate.job().id());

  /** A row that was updated already. */
  static Candidate claimed(Row row) throws SQLException {
    return new Candidate(row.leased(), row.integer("priority"), row.instant("run_at"));
  }

  /** A row that is locked and will be updated. */
  static Candidate locked(Row row) throws SQLException {
    return new Candidate(
        row.leased(row.number("token") + 1, row.integer("attempt") + 1),
        row.integer("priority"),
        row.instant("run_at"));
  }
}
