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

/**
 * The claim for databases without UPDATE .. RETURNING, in one transaction: the engine's row is
 * locked, which makes a fence wait for this claim; due rows are locked level by level, so that the
 * index bounds run_at and no more rows are locked than are wanted; then they are updated by key.
 */
final class KeyedClaims implements Claims {

  private static final int NORMAL = 0;
  private static final int SUSPECT = 1;

  private final Transactions transactions;
  private final String engine;
  private final String due;
  private final String start;

  KeyedClaims(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    engine = sql.of("SELECT id FROM {p}engine WHERE id = ? AND state = 'LIVE' FOR UPDATE");
    due =
        sql.of(
            """
            SELECT id, token, type, type_version, queue, priority, run_at, attempt,
                   max_attempts, suspect, tenant, headers, origin, codec, payload
              FROM {p}job
             WHERE queue = ? AND lane = ? AND priority = ? AND run_at <= {now} AND type = ANY (?)
             ORDER BY queue, lane, priority, run_at, id
             LIMIT ?
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
    try (PreparedStatement statement = connection.prepareStatement(due)) {
      for (Priority level : Priority.values()) {
        int wanted = request.limit() - locked.size();
        if (wanted == 0) {
          break;
        }
        List<Candidate> ofLevel = new ArrayList<>(lock(statement, request, NORMAL, level, wanted));
        if (suspect) {
          ofLevel.addAll(lock(statement, request, SUSPECT, level, 1));
          ofLevel.sort(Candidate.IN_ORDER);
        }
        locked.addAll(ofLevel.subList(0, Math.min(wanted, ofLevel.size())));
        suspect &= locked.stream().noneMatch(candidate -> candidate.job().suspect());
      }
    }
    return locked.stream().map(Candidate::job).toList();
  }

  private static List<Candidate> lock(
      PreparedStatement statement, ClaimRequest request, int lane, Priority level, int limit)
      throws SQLException {
    statement.setString(1, request.queue().name());
    statement.setInt(2, lane);
    statement.setInt(3, level.level());
    statement.setArray(4, Rows.texts(statement.getConnection(), request.types()));
    statement.setInt(5, limit);
    List<Candidate> found = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        found.add(
            new Candidate(
                Rows.leased(row, row.getLong("token") + 1, row.getInt("attempt") + 1),
                row.getInt("priority"),
                Rows.instant(row, "run_at")));
      }
    }
    return found;
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
