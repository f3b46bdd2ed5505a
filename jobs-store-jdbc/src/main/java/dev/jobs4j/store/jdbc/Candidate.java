package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.LeasedJob;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job found due, with what decides its place: the more urgent first, then the longest due.
 *
 * @param limits what it counts against, in order
 * @param waitsFor the key that it was put aside for, or null
 */
record Candidate(
    LeasedJob job, int priority, Instant runAt, Set<LimitKey> limits, @Nullable LimitKey waitsFor) {

  /** What a statement selects that locks candidates. */
  static final String COLUMNS =
      """
      id, token, type, type_version, queue, priority, run_at, attempt, max_attempts, suspect,
      tenant, tags, limits, headers, origin, codec, payload, {age} AS age""";

  static final Comparator<Candidate> IN_ORDER =
      Comparator.comparingInt(Candidate::priority)
          .thenComparing(Candidate::runAt)
          .thenComparing(candidate -> candidate.job().id());

  /** Where a job stands that was only looked at. */
  record Place(UUID id, int priority, Instant runAt) {

    static final Comparator<Place> IN_ORDER =
        Comparator.comparingInt(Place::priority).thenComparing(Place::runAt);

    static Place of(Row row) throws SQLException {
      return new Place(row.id("id"), row.integer("priority"), row.instant("run_at"));
    }
  }

  /** A row that is locked and will be updated. */
  static Candidate locked(Row row) throws SQLException {
    return waiting(row, null);
  }

  /** A locked row that was put aside for a key. */
  static Candidate waiting(Row row, @Nullable LimitKey waitsFor) throws SQLException {
    return new Candidate(
        row.leased(row.number("token") + 1, row.integer("attempt") + 1),
        row.integer("priority"),
        row.instant("run_at"),
        LimitKeys.read(row.textOrNull("limits")),
        waitsFor);
  }

  /** On whose behalf it runs; empty for nobody's. */
  String tenant() {
    String tenant = job.tenant();
    return tenant == null ? "" : tenant;
  }
}
