package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Settling for databases without RETURNING: all rows are locked in order of id, which says who
 * still holds what, and are then written by key: together if they just succeeded, else one by one.
 * The counts that drivers report for batches decide nothing.
 */
final class KeyedSettleStep implements SettleStep {

  private record Held(
      long token,
      int attempt,
      @Nullable Integer maxAttempts,
      boolean suspect,
      boolean cancelRequested,
      @Nullable String uniqueKey,
      @Nullable String line,
      boolean skips,
      @Nullable String limits) {

    static Held of(Row row) throws SQLException {
      return new Held(
          row.number("token"),
          row.integer("attempt"),
          row.integerOrNull("max_attempts"),
          row.flag("suspect"),
          row.flag("cancel_requested"),
          row.textOrNull("unique_key"),
          row.textOrNull("line_key"),
          row.flag("line_skip"),
          row.textOrNull("limits"));
    }

    /** The line that it leaves by this ending, or null. */
    @Nullable String leaves(@Nullable Ending ending) {
      return ending == null || (ending == Ending.DEAD && !skips) ? null : line;
    }

    boolean isSpent() {
      return maxAttempts != null && attempt >= maxAttempts;
    }
  }

  private final boolean keepsHistory;
  private final Moves moves;
  private final Command lock;
  private final Command forgetAttempts;
  private final Command forgetNotes;

  KeyedSettleStep(Sql sql, JdbcStoreOptions.History history) {
    keepsHistory = history == JdbcStoreOptions.History.KEEP;
    moves = new Moves(sql);
    lock =
        sql.command(
            """
            SELECT id, token, attempt, max_attempts, suspect, cancel_requested, unique_key,
                   line_key, line_skip, limits
              FROM {p}job {use PRIMARY}
             WHERE id = ANY (?) AND state = 'RUNNING'
             ORDER BY id
               FOR UPDATE
            """);
    forgetAttempts = sql.command("DELETE FROM {p}attempt WHERE job_id = ANY (?)");
    forgetNotes = sql.command("DELETE FROM {p}note WHERE job_id = ANY (?)");
  }

  @Override
  public List<Applied> apply(Connection connection, List<Settlement> settlements)
      throws SQLException {
    Map<JobId, Held> held = lock(connection, settlements);
    List<Applied> applied = new ArrayList<>(settlements.size());
    Map<UUID, Held> done = new LinkedHashMap<>();
    for (Settlement settlement : settlements) {
      TokenLease lease = (TokenLease) settlement.lease();
      Held row = held.get(lease.id());
      if (row != null && row.token() == lease.token()) {
        UUID id = lease.id().value();
        Ending ending = Ending.SUCCEEDED;
        if (succeedsWithoutResult(settlement.outcome())) {
          done.put(id, row);
        } else {
          ending = apply(connection, id, row, settlement.outcome());
        }
        applied.add(
            new Applied(
                id, lease.token(), ending, row.uniqueKey(), row.leaves(ending), row.limits()));
      }
    }
    succeed(connection, done);
    return applied;
  }

  /** What most jobs do, so it is written for all of them at once. */
  private static boolean succeedsWithoutResult(Outcome outcome) {
    return outcome instanceof Outcome.Succeeded succeeded && succeeded.result() == null;
  }

  private void succeed(Connection connection, Map<UUID, Held> done) throws SQLException {
    if (done.isEmpty()) {
      return;
    }
    if (keepsHistory) {
      moves.toHistory(connection, done.keySet(), JobState.SUCCEEDED);
      return;
    }
    moves.leave(connection, done.keySet());
    forgetNotes.delete(connection, done.keySet(), Call::ids);
    List<UUID> again = new ArrayList<>(); // an earlier claim may have left something
    done.forEach(
        (id, row) -> {
          if (row.token() > 1) {
            again.add(id);
          }
        });
    forgetAttempts.delete(connection, again, Call::ids);
  }

  private Map<JobId, Held> lock(Connection connection, List<Settlement> settlements)
      throws SQLException {
    List<UUID> ids = settlements.stream().map(s -> ((TokenLease) s.lease()).id().value()).toList();
    Map<JobId, Held> held = new HashMap<>();
    lock.on(connection).ids(ids).each(row -> held.put(row.jobId(), Held.of(row)));
    return held;
  }

  /** Returns how the job has ended, or null if it waits again. */
  private @Nullable Ending apply(Connection connection, UUID id, Held row, Outcome outcome)
      throws SQLException {
    if (outcome instanceof Outcome.Succeeded succeeded) {
      succeed(connection, id, row, succeeded.result());
      return Ending.SUCCEEDED;
    } else if (outcome instanceof Outcome.Retry retry) {
      return retry(connection, id, row, retry);
    } else if (outcome instanceof Outcome.Dead dead) {
      moves.note(connection, id, dead.failure());
      moves.toDead(connection, id, dead.reason(), dead.failure());
      return Ending.DEAD;
    } else if (outcome instanceof Outcome.Cancelled) {
      return cancel(connection, id);
    }
    moves.takeBack(connection, id, 0, 0, row.suspect());
    if (row.cancelRequested()) {
      return cancel(connection, id);
    } else if (outcome instanceof Outcome.Snoozed snoozed) {
      moves.putBackLater(connection, id, Micros.of(snoozed.delay()));
    } else {
      moves.putBack(connection, id);
    }
    return null;
  }

  private Ending cancel(Connection connection, UUID id) throws SQLException {
    moves.toHistory(connection, id, JobState.CANCELLED, null);
    return Ending.CANCELLED;
  }

  private void succeed(Connection connection, UUID id, Held row, @Nullable Payload result)
      throws SQLException {
    if (keepsHistory) {
      moves.toHistory(connection, id, JobState.SUCCEEDED, result);
    } else {
      succeed(connection, Map.of(id, row));
    }
  }

  private @Nullable Ending retry(Connection connection, UUID id, Held row, Outcome.Retry retry)
      throws SQLException {
    moves.note(connection, id, retry.failure());
    if (row.isSpent()) {
      moves.toDead(connection, id, DeadReason.EXHAUSTED, retry.failure());
      return Ending.DEAD;
    } else if (row.cancelRequested()) {
      return cancel(connection, id);
    }
    moves.putBackLater(connection, id, Micros.of(retry.delay()));
    return null;
  }
}
