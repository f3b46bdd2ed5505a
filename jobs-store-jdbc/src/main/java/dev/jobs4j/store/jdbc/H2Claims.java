package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The claim in one transaction of several statements. The engine's row is locked, which makes a
 * fence wait for this claim. Level by level, due jobs are looked for along the index, locked by key
 * if nobody else has them, and updated by key.
 *
 * <p>Looking and locking are two statements because H2 gives up the order of its index for FOR
 * UPDATE: it would lock every due job before it counts to the limit.
 */
final class H2Claims implements Claims {

  private static final int NORMAL = 0;
  private static final int SUSPECT = 1;

  private final Transactions transactions;
  private final String engine;
  private final String due;
  private final String lock;
  private final String start;

  H2Claims(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    engine = sql.of("SELECT id FROM {p}engine WHERE id = ? AND state = 'LIVE' FOR UPDATE");
    due =
        sql.of(
            """
            SELECT id FROM {p}job
             WHERE queue = ? AND lane = ? AND priority = ? AND run_at <= {now} AND type = ANY (?)
             ORDER BY queue, lane, priority, run_at, id
             LIMIT ? OFFSET ?
            """);
    lock =
        sql.of(
            """
            SELECT id, token, type, type_version, queue, priority, run_at, attempt,
                   max_attempts, suspect, tenant, headers, origin, codec, payload
              FROM {p}job
             WHERE id = ANY (?) AND lane = ? AND run_at <= {now}
               FOR UPDATE SKIP LOCKED
            """);
    start =
        sql.of(
            """
            UPDATE {p}job
               SET state = 'RUNNING', engine = ?, claim_id = ?,
                   token = token + 1, attempt = attempt + 1
             WHERE id = ?
            """);
  }

  /** The statement that looks for due jobs, for its plan. */
  String statement() {
    return due;
  }

  @Override
  public List<LeasedJob> claim(ClaimRequest request) {
    return transactions.transaction(
        "Claim",
        connection -> {
          if (!isLive(connection, request)) {
            return List.of();
          }
          List<LeasedJob> jobs = lockDue(connection, request);
          start(connection, request, jobs);
          return jobs;
        });
  }

  private boolean isLive(Connection connection, ClaimRequest request) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(engine)) {
      statement.setObject(1, request.engine().value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  /** At each level the one suspect comes before or behind the others as it was due. */
  private List<LeasedJob> lockDue(Connection connection, ClaimRequest request) throws SQLException {
    List<Candidate> locked = new ArrayList<>();
    boolean suspect = request.suspect();
    for (Priority level : Priority.values()) {
      int wanted = request.limit() - locked.size();
      if (wanted == 0) {
        break;
      }
      List<Candidate> ofLevel = lockLane(connection, request, NORMAL, level, wanted);
      if (suspect) {
        ofLevel.addAll(lockLane(connection, request, SUSPECT, level, 1));
      }
      ofLevel.sort(Candidate.IN_ORDER);
      locked.addAll(ofLevel.subList(0, Math.min(wanted, ofLevel.size())));
      suspect &= locked.stream().noneMatch(candidate -> candidate.job().suspect());
    }
    return locked.stream().map(Candidate::job).toList();
  }

  /** Goes on behind what others hold until enough are locked or no more are due. */
  private List<Candidate> lockLane(
      Connection connection, ClaimRequest request, int lane, Priority level, int wanted)
      throws SQLException {
    List<Candidate> locked = new ArrayList<>();
    int seen = 0;
    while (locked.size() < wanted) {
      int missing = wanted - locked.size();
      Set<UUID> found = findDue(connection, request, lane, level, missing, seen);
      if (found.isEmpty()) {
        break;
      }
      seen += found.size();
      locked.addAll(lock(connection, found, lane));
    }
    return locked;
  }

  private Set<UUID> findDue(
      Connection connection, ClaimRequest request, int lane, Priority level, int limit, int offset)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(due)) {
      statement.setString(1, request.queue().name());
      statement.setInt(2, lane);
      statement.setInt(3, level.level());
      statement.setArray(4, Rows.texts(connection, request.types()));
      statement.setInt(5, limit);
      statement.setInt(6, offset);
      return Rows.ids(statement);
    }
  }

  private List<Candidate> lock(Connection connection, Set<UUID> ids, int lane) throws SQLException {
    List<Candidate> locked = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(lock)) {
      statement.setArray(1, Rows.uuids(connection, ids));
      statement.setInt(2, lane);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          locked.add(
              new Candidate(
                  Rows.leased(row, row.getLong("token") + 1, row.getInt("attempt") + 1),
                  row.getInt("priority"),
                  Rows.instant(row, "run_at")));
        }
      }
    }
    return locked;
  }

  private void start(Connection connection, ClaimRequest request, List<LeasedJob> jobs)
      throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(start)) {
      for (LeasedJob job : jobs) {
        statement.setObject(1, request.engine().value());
        statement.setObject(2, request.claimId());
        statement.setObject(3, job.id().value());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }
}
