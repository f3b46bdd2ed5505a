package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.Payload;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
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

  private final Command note;
  private final Command takeBack;
  private final Command putBack;
  private final Command putBackLater;
  private final Command toHistory;
  private final Command toDead;
  private final Command leave;

  Moves(Sql sql) {
    note =
        sql.command(
            """
            INSERT INTO {p}attempt (job_id, token, attempt, ended_at, error_class, error_message,
                error_stack)
            SELECT id, token, attempt, {now}, ?, ?, ? FROM {p}job WHERE id = ?
            """);
    takeBack =
        sql.command(
            """
            UPDATE {p}job
               SET token = token + ?, attempt = attempt - 1, crashes = crashes + ?, suspect = ?
             WHERE id = ?
            """);
    putBack =
        sql.command(
            """
            UPDATE {p}job
               SET state = 'PENDING', engine = NULL, claim_id = NULL, block_reason = NULL
             WHERE id = ?
            """);
    putBackLater =
        sql.command(
            """
            UPDATE {p}job
               SET state = 'PENDING', engine = NULL, claim_id = NULL, block_reason = NULL,
                   suspect = FALSE, run_at = {now+?}
             WHERE id = ?
            """);
    toHistory =
        sql.command(
            """
            INSERT INTO {p}history (id, token, run_at, created_at, finished_at, attempt,
                max_attempts, crashes, type_version, priority, suspect, state, queue, type,
                unique_key, line_key, line_skip, tenant, origin, tags, limits, headers, codec, payload, result_codec, result)
            SELECT id, token, run_at, created_at, {now}, attempt, max_attempts, crashes,
                   type_version, priority, suspect, ?, queue, type, unique_key, line_key, line_skip, tenant, origin,
                   tags, limits, headers, codec, payload, ?, ?
              FROM {p}job WHERE id = ANY (?)
            """);
    toDead =
        sql.command(
            """
            INSERT INTO {p}dead (id, token, run_at, created_at, finished_at, attempt,
                max_attempts, crashes, type_version, priority, suspect, reason, queue, type,
                unique_key, line_key, line_skip, tenant, origin, tags, limits, headers, codec, payload, error_class, error_message,
                error_stack, fingerprint)
            SELECT id, token, run_at, created_at, {now}, attempt, max_attempts, crashes,
                   type_version, priority, suspect, ?, queue, type, unique_key, line_key, line_skip, tenant, origin,
                   tags, limits, headers, codec, payload, ?, ?, ?, ?
              FROM {p}job WHERE id = ?
            """);
    leave = sql.command("DELETE FROM {p}job WHERE id = ANY (?)");
  }

  /** Writes down that the running attempt failed, or crashed if {@code failure} is null. */
  void note(Connection connection, UUID job, @Nullable Failure failure) throws SQLException {
    note.on(connection)
        .text(failure == null ? null : failure.errorClass())
        .text(failure == null ? null : failure.message())
        .text(failure == null ? null : failure.stack())
        .id(job)
        .update();
  }

  /** Gives the attempt back and raises the token and the crashes by so much. */
  void takeBack(Connection connection, UUID job, int token, int crashes, boolean suspect)
      throws SQLException {
    takeBack.on(connection).number(token).number(crashes).flag(suspect).id(job).update();
  }

  /** Makes a running job pending, in its old place. */
  void putBack(Connection connection, UUID job) throws SQLException {
    putBack.on(connection).id(job).update();
  }

  /** Makes a running job pending, due after a delay, and no suspect any more. */
  void putBackLater(Connection connection, UUID job, long delayMicros) throws SQLException {
    putBackLater.on(connection).number(delayMicros).id(job).update();
  }

  /** Moves a job to history, as SUCCEEDED or CANCELLED. */
  void toHistory(Connection connection, UUID job, JobState state, @Nullable Payload result)
      throws SQLException {
    toHistory(connection, List.of(job), state, result);
  }

  /** Moves jobs without results to history, as SUCCEEDED or CANCELLED, all at once. */
  void toHistory(Connection connection, Collection<UUID> jobs, JobState state) throws SQLException {
    toHistory(connection, jobs, state, null);
  }

  private void toHistory(
      Connection connection, Collection<UUID> jobs, JobState state, @Nullable Payload result)
      throws SQLException {
    toHistory
        .on(connection)
        .text(state.name())
        .text(result == null ? null : result.codec())
        .bytes(result == null ? null : result.bytes())
        .ids(jobs)
        .update();
    leave(connection, jobs);
  }

  /** Moves a job to the dead letters. */
  void toDead(Connection connection, UUID job, DeadReason reason, Failure failure)
      throws SQLException {
    toDead
        .on(connection)
        .text(reason.name())
        .text(failure.errorClass())
        .text(failure.message())
        .text(failure.stack())
        .text(failure.fingerprint())
        .id(job)
        .update();
    leave(connection, List.of(job));
  }

  /** Takes jobs out of the hot area. */
  void leave(Connection connection, Collection<UUID> jobs) throws SQLException {
    leave.delete(connection, jobs, Call::ids);
  }
}
