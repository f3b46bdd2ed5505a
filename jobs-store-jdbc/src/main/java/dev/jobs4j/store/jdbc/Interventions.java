package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What people, tools and retention do to single jobs: cancel, requeue, delete, prune. Each locks
 * the row first and decides on what it then sees.
 */
final class Interventions {

  private final Transactions transactions;
  private final UniqueKeys keys;
  private final Waiting waiting;
  private final Moves moves;
  private final String lockHot;
  private final String flag;
  private final String isEnded;
  private final String lockDead;
  private final String lockCancelled;
  private final String reviveDead;
  private final String reviveCancelled;
  private final String deleteDead;
  private final String deleteHistory;
  private final String deleteAttempts;
  private final String old;

  Interventions(Transactions transactions, Sql sql, UniqueKeys keys, Waiting waiting) {
    this.transactions = transactions;
    this.keys = keys;
    this.waiting = waiting;
    moves = new Moves(sql);
    lockHot = sql.of("SELECT state, unique_key FROM {p}job WHERE id = ? FOR UPDATE");
    flag = sql.of("UPDATE {p}job SET cancel_requested = TRUE WHERE id = ANY (?)");
    isEnded =
        sql.of(
            """
            SELECT id FROM {p}dead WHERE id = ANY (?)
            UNION ALL SELECT id FROM {p}history WHERE id = ANY (?)
            """);
    lockDead = sql.of("SELECT unique_key FROM {p}dead WHERE id = ? FOR UPDATE");
    lockCancelled =
        sql.of("SELECT unique_key FROM {p}history WHERE id = ? AND state = 'CANCELLED' FOR UPDATE");
    reviveDead =
        sql.of(
            """
            INSERT INTO {p}job (id, token, run_at, created_at, attempt, max_attempts, crashes,
                type_version, waits, priority, suspect, cancel_requested, state, block_reason,
                queue, type, unique_key, tenant, origin, headers, codec, payload)
            SELECT id, token, {now}, created_at, 0, max_attempts, 0, type_version, ?, priority,
                   FALSE, FALSE, 'PENDING', ?, queue, type, unique_key, tenant, origin, headers,
                   codec, payload
              FROM {p}dead WHERE id = ?
            """);
    reviveCancelled =
        sql.of(
            """
            INSERT INTO {p}job (id, token, run_at, created_at, attempt, max_attempts, crashes,
                type_version, waits, priority, suspect, cancel_requested, state, block_reason,
                queue, type, unique_key, tenant, origin, headers, codec, payload)
            SELECT id, token, {now}, created_at, 0, max_attempts, 0, type_version, ?, priority,
                   FALSE, FALSE, 'PENDING', ?, queue, type, unique_key, tenant, origin, headers,
                   codec, payload
              FROM {p}history WHERE id = ?
            """);
    deleteDead = sql.of("DELETE FROM {p}dead WHERE id = ANY (?)");
    deleteHistory = sql.of("DELETE FROM {p}history WHERE id = ANY (?)");
    deleteAttempts = sql.of("DELETE FROM {p}attempt WHERE job_id = ANY (?)");
    old =
        sql.of(
            """
            SELECT id FROM {p}history
             WHERE finished_at < {now-?}
             ORDER BY finished_at
             LIMIT ?
               FOR UPDATE SKIP LOCKED
            """);
  }

  /** See {@link dev.jobs4j.spi.JobRecords#cancel}. */
  Cancellation cancel(JobId id) {
    return transactions.transaction("Cancelling a job", connection -> cancel(connection, id));
  }

  private Cancellation cancel(Connection connection, JobId id) throws SQLException {
    UUID job = id.value();
    try (PreparedStatement statement = connection.prepareStatement(lockHot)) {
      statement.setObject(1, job);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          if (row.getString("state").equals("RUNNING")) {
            Rows.update(connection, flag, Set.of(job));
            return Cancellation.REQUESTED;
          }
          String key = row.getString("unique_key");
          moves.toHistory(connection, job, JobState.CANCELLED, null);
          keys.end(connection, key == null ? Map.of() : Map.of(key, job));
          return Cancellation.CANCELLED;
        }
      }
    }
    return Rows.find(connection, isEnded, Set.of(job), 2).isEmpty()
        ? Cancellation.UNKNOWN
        : Cancellation.TOO_LATE;
  }

  /**
   * See {@link dev.jobs4j.spi.JobRecords#requeue}. A job whose unique key another one holds by now
   * stays where it is; one that waited for parents which have not succeeded waits again.
   */
  boolean requeue(JobId id) {
    return transactions.transaction(
        "Requeuing a job",
        connection ->
            requeue(connection, id.value(), lockDead, reviveDead, deleteDead)
                || requeue(connection, id.value(), lockCancelled, reviveCancelled, deleteHistory));
  }

  private boolean requeue(
      Connection connection, UUID job, String lock, String revive, String delete)
      throws SQLException {
    String key;
    try (PreparedStatement statement = connection.prepareStatement(lock)) {
      statement.setObject(1, job);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return false;
        }
        key = row.getString("unique_key");
      }
    }
    if (key != null && !keys.revive(connection, key, job)) {
      return false;
    }
    int waits = waiting.countParents(connection, job);
    try (PreparedStatement statement = connection.prepareStatement(revive)) {
      statement.setInt(1, waits);
      statement.setString(2, reason(waits));
      statement.setObject(3, job);
      statement.executeUpdate();
    }
    Rows.update(connection, delete, Set.of(job));
    return true;
  }

  private static @Nullable String reason(int waits) {
    return waits == 0 ? null : "PARENTS";
  }

  /** See {@link dev.jobs4j.spi.JobRecords#delete}. */
  boolean delete(JobId id) {
    Set<UUID> job = Set.of(id.value());
    return transactions.transaction(
        "Deleting a job",
        connection -> {
          boolean gone =
              Rows.update(connection, deleteDead, job) + Rows.update(connection, deleteHistory, job)
                  > 0;
          if (gone) {
            forget(connection, job);
          }
          return gone;
        });
  }

  /** See {@link dev.jobs4j.spi.JobStore#prune}. */
  int prune(Duration retention, int limit) {
    int jobs =
        transactions.transaction(
            "Pruning history",
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(old)) {
                statement.setLong(1, Micros.of(retention));
                statement.setInt(2, limit);
                Set<UUID> ids = Rows.ids(statement);
                if (!ids.isEmpty()) {
                  Rows.update(connection, deleteHistory, ids);
                  forget(connection, ids);
                }
                return ids.size();
              }
            });
    return jobs
        + transactions.transaction("Pruning keys", connection -> keys.prune(connection, limit));
  }

  private void forget(Connection connection, Set<UUID> jobs) throws SQLException {
    Rows.update(connection, deleteAttempts, jobs);
    waiting.forgetChildren(connection, jobs);
  }
}
