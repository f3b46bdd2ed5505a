package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.Payload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The moves of a job that is locked already, by key and in SQL that every database knows: out of
 * the hot area, back into line, into the record of attempts. Used off the hot path, and on it where
 * a database has nothing better.
 *
 * <p>What a taking back changes (a higher token, an attempt given back, a crash counted) is written
 * by {@link #takeBack} before the move.
 */
final class Moves {

  private final String note;
  private final String takeBack;
  private final String putBack;
  private final String putBackLater;
  private final String toHistory;
  private final String toDead;
  private final String leave;

  Moves(Sql sql) {
    note =
        sql.of(
            """
            INSERT INTO {p}attempt (job_id, token, attempt, ended_at, error_class, error_message,
                error_stack)
            SELECT id, token, attempt, {now}, ?, ?, ? FROM {p}job WHERE id = ?
            """);
    takeBack =
        sql.of(
            """
            UPDATE {p}job
               SET token = token + ?, attempt = attempt - 1, crashes = crashes + ?, suspect = ?
             WHERE id = ?
            """);
    putBack =
        sql.of(
            """
            UPDATE {p}job SET state = 'PENDING', engine = NULL, claim_id = NULL WHERE id = ?
            """);
    putBackLater =
        sql.of(
            """
            UPDATE {p}job
               SET state = 'PENDING', engine = NULL, claim_id = NULL, suspect = FALSE,
                   run_at = {now+?}
             WHERE id = ?
            """);
    toHistory =
        sql.of(
            """
            INSERT INTO {p}history (id, token, run_at, created_at, finished_at, attempt,
                max_attempts, crashes, type_version, priority, suspect, state, queue, type,
                unique_key, tenant, origin, headers, codec, payload, result_codec, result)
            SELECT id, token, run_at, created_at, {now}, attempt, max_attempts, crashes,
                   type_version, priority, suspect, ?, queue, type, unique_key, tenant, origin,
                   headers, codec, payload, ?, ?
              FROM {p}job WHERE id = ?
            """);
    toDead =
        sql.of(
            """
            INSERT INTO {p}dead (id, token, run_at, created_at, finished_at, attempt,
                max_attempts, crashes, type_version, priority, suspect, reason, queue, type,
                unique_key, tenant, origin, headers, codec, payload, error_class, error_message,
                error_stack)
            SELECT id, token, run_at, created_at, {now}, attempt, max_attempts, crashes,
                   type_version, priority, suspect, ?, queue, type, unique_key, tenant, origin,
                   headers, codec, payload, ?, ?, ?
              FROM {p}job WHERE id = ?
            """);
    leave = sql.of("DELETE FROM {p}job WHERE id = ?");
  }

  /** Writes down that the running attempt failed, or crashed if {@code failure} is null. */
  void note(Connection connection, UUID job, @Nullable Failure failure) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(note)) {
      statement.setString(1, failure == null ? null : failure.errorClass());
      statement.setString(2, failure == null ? null : failure.message());
      statement.setString(3, failure == null ? null : failure.stack());
      statement.setObject(4, job);
      statement.executeUpdate();
    }
  }

  /** Gives the attempt back and raises the token and the crashes by so much. */
  void takeBack(Connection connection, UUID job, int token, int crashes, boolean suspect)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(takeBack)) {
      statement.setInt(1, token);
      statement.setInt(2, crashes);
      statement.setBoolean(3, suspect);
      statement.setObject(4, job);
      statement.executeUpdate();
    }
  }

  /** Makes a running job pending, in its old place. */
  void putBack(Connection connection, UUID job) throws SQLException {
    update(connection, putBack, job);
  }

  /** Makes a running job pending, due after a delay, and no suspect any more. */
  void putBackLater(Connection connection, UUID job, long delayMicros) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(putBackLater)) {
      statement.setLong(1, delayMicros);
      statement.setObject(2, job);
      statement.executeUpdate();
    }
  }

  /** Moves a job to history, as SUCCEEDED or CANCELLED. */
  void toHistory(Connection connection, UUID job, JobState state, @Nullable Payload result)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(toHistory)) {
      statement.setString(1, state.name());
      statement.setString(2, result == null ? null : result.codec());
      Rows.set(statement, 3, result == null ? null : result.bytes());
      statement.setObject(4, job);
      statement.executeUpdate();
    }
    leave(connection, job);
  }

  /** Moves a job to the dead letters. */
  void toDead(Connection connection, UUID job, DeadReason reason, Failure failure)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(toDead)) {
      statement.setString(1, reason.name());
      statement.setString(2, failure.errorClass());
      statement.setString(3, failure.message());
      statement.setString(4, failure.stack());
      statement.setObject(5, job);
      statement.executeUpdate();
    }
    leave(connection, job);
  }

  /** Takes a job out of the hot area. */
  void leave(Connection connection, UUID job) throws SQLException {
    update(connection, leave, job);
  }

  private static void update(Connection connection, String sql, UUID job) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, job);
      statement.executeUpdate();
    }
  }
}
