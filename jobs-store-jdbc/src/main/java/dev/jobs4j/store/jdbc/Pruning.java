package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Retention;
import dev.jobs4j.spi.PruneRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Deletes what is kept no longer. It waits for nobody: a row that is locked, by another engine that
 * prunes or by someone who requeues it, is passed over. Queues are walked by the index, so one that
 * has nothing old costs a look at its oldest job, however many it has.
 */
final class Pruning {

  /** The next queue by name that has jobs in an area. */
  static final String NEXT_IN_HISTORY =
      """
      SELECT queue FROM {p}history {use history_ended}
       WHERE queue > ? ORDER BY queue LIMIT 1
      """;

  static final String NEXT_IN_DEAD =
      """
      SELECT queue FROM {p}dead {use dead_ended}
       WHERE queue > ? ORDER BY queue LIMIT 1
      """;

  static final String OVER_IN_HISTORY =
      """
      SELECT id FROM {p}history {use history_ended}
       WHERE queue = ? AND state = ? AND finished_at < {now-?}
       ORDER BY finished_at
       LIMIT ?
         FOR UPDATE SKIP LOCKED
      """;

  static final String OVER_IN_DEAD =
      """
      SELECT id FROM {p}dead {use dead_ended}
       WHERE queue = ? AND finished_at < {now-?}
       ORDER BY finished_at
       LIMIT ?
         FOR UPDATE SKIP LOCKED
      """;

  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final Transactions transactions;
  private final Interventions interventions;
  private final UniqueKeys keys;
  private final Limits limits;
  private final Audit audit;
  private final AttemptPruning attempts;
  private final Archiving archiving;
  private final Command nextInHistory;
  private final Command nextInDead;
  private final Command overInHistory;
  private final Command overInDead;

  Pruning(
      Transactions transactions,
      Sql sql,
      Interventions interventions,
      UniqueKeys keys,
      Limits limits,
      boolean archive) {
    this.limits = limits;
    this.transactions = transactions;
    this.interventions = interventions;
    this.keys = keys;
    audit = new Audit(transactions, sql);
    attempts = new AttemptPruning(transactions, sql);
    archiving = new Archiving(sql, archive);
    nextInHistory = sql.command(NEXT_IN_HISTORY);
    nextInDead = sql.command(NEXT_IN_DEAD);
    overInHistory = sql.command(OVER_IN_HISTORY);
    overInDead = sql.command(OVER_IN_DEAD);
  }

  /** See {@link dev.jobs4j.spi.JobStore#prune}. */
  int prune(PruneRequest request) {
    Retention retention = request.retention();
    int limit = request.limit();
    int gone =
        transactions.transaction("Pruning keys", connection -> keys.prune(connection, limit));
    gone +=
        transactions.transaction(
            "Pruning keys of limits", connection -> limits.prune(connection, limit));
    if (!isForEver(retention.audit())) {
      gone += audit.prune(Micros.of(retention.audit()), limit);
    }
    if (retention.endsAttempts()) {
      gone += attempts.prune(retention, limit);
    }
    gone += transactions.transaction("Pruning history", c -> history(c, request));
    if (ends(retention, JobState.DEAD)) {
      gone += transactions.transaction("Pruning dead letters", c -> dead(c, request));
    }
    return gone;
  }

  private int history(Connection connection, PruneRequest request) throws SQLException {
    Retention retention = request.retention();
    int limit = request.limit();
    Set<UUID> over = new TreeSet<>();
    for (JobState state : List.of(JobState.SUCCEEDED, JobState.CANCELLED)) {
      for (JobQueue queue : queues(connection, nextInHistory, retention, state)) {
        Duration age = retention.ageOf(queue, state);
        if (!isForEver(age) && over.size() < limit) {
          over.addAll(
              overInHistory
                  .on(connection)
                  .text(queue.name())
                  .text(state.name())
                  .number(Micros.of(age))
                  .number(limit - over.size())
                  .findIds());
        }
      }
    }
    if (!over.isEmpty()) {
      archiving.ofHistory(connection, over, request.archive());
      interventions.deleteHistory(connection, over);
    }
    return over.size();
  }

  private int dead(Connection connection, PruneRequest request) throws SQLException {
    Retention retention = request.retention();
    int limit = request.limit();
    Set<UUID> over = new TreeSet<>();
    for (JobQueue queue : queues(connection, nextInDead, retention, JobState.DEAD)) {
      Duration age = retention.ageOf(queue, JobState.DEAD);
      if (!isForEver(age) && over.size() < limit) {
        over.addAll(
            overInDead
                .on(connection)
                .text(queue.name())
                .number(Micros.of(age))
                .number(limit - over.size())
                .findIds());
      }
    }
    if (!over.isEmpty()) {
      archiving.ofDead(connection, over, request.archive());
      interventions.deleteDead(connection, over);
    }
    return over.size();
  }

  /** Where jobs in this state may be over: all queues that have some, or those that are named. */
  private static List<JobQueue> queues(
      Connection connection, Command next, Retention retention, JobState state)
      throws SQLException {
    if (isForEver(retention.ageOf(state))) {
      return List.copyOf(retention.queues().keySet());
    }
    List<JobQueue> queues = new ArrayList<>();
    String last = "";
    while (last != null) {
      last = next.on(connection).text(last).first(row -> row.text("queue")).orElse(null);
      if (last != null) {
        queues.add(new JobQueue(last));
      }
    }
    return queues;
  }

  private static boolean ends(Retention retention, JobState state) {
    return !isForEver(retention.ageOf(state))
        || retention.queues().keySet().stream()
            .anyMatch(queue -> !isForEver(retention.ageOf(queue, state)));
  }

  /** For ever is longer than any row is old: a calendar's beginning cannot be stepped over. */
  static long micros(Duration age) {
    return Micros.of(isForEver(age) ? LONGEST : age);
  }

  private static boolean isForEver(Duration age) {
    return age.equals(Retention.FOREVER);
  }
}
