package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.WaitRule;
import dev.jobs4j.store.jdbc.Waiting.Wait;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What people and tools do to single jobs: cancel, requeue, delete, and what has no time left:
 * expire. Each locks the row first and decides on what it then sees.
 */
final class Interventions {

  /** What decides about a job that is locked. */
  private record Locked(boolean running, @Nullable String key, @Nullable String line) {

    static Locked hot(Row row) throws SQLException {
      return of(row, row.text("state").equals("RUNNING"));
    }

    static Locked ended(Row row) throws SQLException {
      return of(row, false);
    }

    private static Locked of(Row row, boolean running) throws SQLException {
      return new Locked(running, row.textOrNull("unique_key"), row.textOrNull("line_key"));
    }
  }

  private final Transactions transactions;
  private final UniqueKeys keys;
  private final Waiting waiting;
  private final Lines lines;
  private final Moves moves;
  private final Burials burials;
  private final Notices notices;
  private final Command lockHot;
  private final Command flag;
  private final Command isEnded;
  private final Command lockDead;
  private final Command blocking;
  private final Command lockCancelled;
  private final Command reviveDead;
  private final Command reviveCancelled;
  private final Command deleteDead;
  private final Command deleteHistory;
  private final Command deleteAttempts;
  private final Command deleteNotes;
  private final Command expired;

  Interventions(
      Transactions transactions,
      Sql sql,
      UniqueKeys keys,
      Waiting waiting,
      Lines lines,
      Burials burials,
      Notices notices) {
    this.notices = notices;
    this.lines = lines;
    this.transactions = transactions;
    this.burials = burials;
    this.keys = keys;
    this.waiting = waiting;
    moves = new Moves(sql);
    lockHot = sql.command("SELECT state, unique_key, line_key FROM {p}job WHERE id = ? FOR UPDATE");
    flag = sql.command("UPDATE {p}job SET cancel_requested = TRUE WHERE id = ?");
    isEnded =
        sql.command(
            """
            SELECT id FROM {p}dead WHERE id = ? UNION ALL SELECT id FROM {p}history WHERE id = ?
            """);
    lockDead = sql.command("SELECT unique_key, line_key FROM {p}dead WHERE id = ? FOR UPDATE");
    blocking =
        sql.command(
            "SELECT id, line_key FROM {p}dead WHERE id = ANY (?) AND line_skip = FALSE FOR UPDATE");
    lockCancelled =
        sql.command(
            """
            SELECT unique_key, line_key FROM {p}history
             WHERE id = ? AND state = 'CANCELLED' FOR UPDATE
            """);
    reviveDead =
        sql.command(
            """
            INSERT INTO {p}job (id, token, run_at, created_at, attempt, max_attempts, crashes,
                type_version, waits, priority, suspect, cancel_requested, state, block_reason,
                queue, type, unique_key, line_key, line_skip, tenant, origin, tags, limits,
                headers, codec, payload)
            SELECT id, token, {now+?}, created_at, 0, max_attempts, 0, type_version, ?, priority,
                   FALSE, FALSE, 'PENDING', ?, queue, type, unique_key, line_key, line_skip, tenant,
                   origin, tags, limits, headers, codec, payload
              FROM {p}dead WHERE id = ?
            """);
    reviveCancelled =
        sql.command(
            """
            INSERT INTO {p}job (id, token, run_at, created_at, attempt, max_attempts, crashes,
                type_version, waits, priority, suspect, cancel_requested, state, block_reason,
                queue, type, unique_key, line_key, line_skip, tenant, origin, tags, limits,
                headers, codec, payload)
            SELECT id, token, {now+?}, created_at, 0, max_attempts, 0, type_version, ?, priority,
                   FALSE, FALSE, 'PENDING', ?, queue, type, unique_key, line_key, line_skip, tenant,
                   origin, tags, limits, headers, codec, payload
              FROM {p}history WHERE id = ?
            """);
    deleteDead = sql.command("DELETE FROM {p}dead WHERE id = ANY (?)");
    deleteHistory = sql.command("DELETE FROM {p}history WHERE id = ANY (?)");
    deleteAttempts = sql.command("DELETE FROM {p}attempt WHERE job_id = ANY (?)");
    deleteNotes = sql.command("DELETE FROM {p}note WHERE job_id = ANY (?)");
    expired =
        sql.command(
            """
            SELECT id, unique_key, line_key, line_skip, expires_at FROM {p}job {use job_expiry}
             WHERE state = 'PENDING' AND expires_at <= {now}
             ORDER BY expires_at
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
    Locked found = lockHot.on(connection).id(job).first(Locked::hot).orElse(null);
    if (found == null) {
      return isEnded.on(connection).id(job).id(job).findIds().isEmpty()
          ? Cancellation.UNKNOWN
          : Cancellation.TOO_LATE;
    }
    if (found.running()) {
      flag.on(connection).id(job).update();
      return Cancellation.REQUESTED;
    }
    moves.toHistory(connection, job, JobState.CANCELLED, null);
    keys.end(connection, found.key() == null ? Map.of() : Map.of(job, found.key()));
    Map<UUID, String> leaving = waiting.letGo(connection, Map.of(job, Ending.CANCELLED));
    if (found.line() != null) {
      leaving.put(job, found.line());
    }
    lines.change(connection, List.of(), leaving);
    return Cancellation.CANCELLED;
  }

  /**
   * See {@link dev.jobs4j.spi.JobRecords#requeue}. A job whose unique key another one holds by now
   * stays where it is; one that waited for parents which have not succeeded waits again.
   */
  boolean requeue(JobId id) {
    return transactions.transaction("Requeuing a job", connection -> requeue(connection, id));
  }

  private boolean requeue(Connection connection, JobId id) throws SQLException {
    Map<UUID, String> standing = new LinkedHashMap<>();
    Way way = new Way(lockCancelled, reviveCancelled, deleteHistory);
    boolean done =
        reviveDead(connection, id.value(), 0, standing) == Revival.DONE
            || revive(connection, id.value(), 0, standing, way) == Revival.DONE;
    standAgain(connection, standing);
    return done;
  }

  /** The statements that make a job of one area live again. */
  private record Way(Command lock, Command revive, Command delete) {}

  /** What became of a job that was to live again. */
  enum Revival {
    DONE,
    KEY_HELD,
    ABSENT
  }

  /**
   * Makes a dead letter a pending job, due after so many microseconds. If it has a line, that is
   * added to {@code standing}: {@link #standAgain} must follow, once for all that are revived.
   */
  Revival reviveDead(Connection connection, UUID job, long delayMicros, Map<UUID, String> standing)
      throws SQLException {
    Way way = new Way(lockDead, reviveDead, deleteDead);
    return revive(connection, job, delayMicros, standing, way);
  }

  /** Gives jobs that live again their places in their lines. */
  void standAgain(Connection connection, Map<UUID, String> standing) throws SQLException {
    lines.standAgain(connection, standing);
  }

  private Revival revive(
      Connection connection, UUID job, long delayMicros, Map<UUID, String> standing, Way way)
      throws SQLException {
    Locked found = way.lock().on(connection).id(job).first(Locked::ended).orElse(null);
    if (found == null) {
      return Revival.ABSENT;
    }
    if (found.key() != null && !keys.revive(connection, found.key(), job)) {
      return Revival.KEY_HELD;
    }
    int waits = waitsAgain(connection, job);
    String parents = waits == 0 ? null : "PARENTS";
    String both = waits == 0 ? "FIFO" : "BOTH";
    way.revive()
        .on(connection)
        .number(delayMicros)
        .number(waits)
        .text(found.line() == null ? parents : both)
        .id(job)
        .update();
    way.delete().delete(connection, Set.of(job), Call::ids);
    notices.released(connection, Set.of(job));
    if (found.line() != null) {
      standing.put(job, found.line());
    }
    return Revival.DONE;
  }

  /** What a job that lives again waits for: of its parents, those that can still release it. */
  private int waitsAgain(Connection connection, UUID job) throws SQLException {
    List<Wait> waits = waiting.ofChild(connection, job);
    Map<UUID, JobState> states =
        waiting.lockParents(connection, waits.stream().map(Wait::parent).toList());
    List<Wait> over =
        waits.stream()
            .filter(
                wait -> {
                  JobState state = states.get(wait.parent());
                  return state == null || wait.rule().onEnd(state) == WaitRule.Effect.RELEASE;
                })
            .toList();
    waiting.forget(connection, over);
    return waits.size() - over.size();
  }

  /** Deletes dead letters that are locked, with all that is kept of them. */
  void deleteDead(Connection connection, Set<UUID> jobs) throws SQLException {
    Map<UUID, String> leaving = new HashMap<>();
    blocking.on(connection).ids(jobs).each(row -> leaving.put(row.id("id"), row.text("line_key")));
    deleteDead.delete(connection, jobs, Call::ids);
    forget(connection, jobs, leaving);
  }

  /** The same with jobs of the history; only a job that was requeued may wait for one of them. */
  void deleteHistory(Connection connection, Set<UUID> jobs) throws SQLException {
    deleteHistory.delete(connection, jobs, Call::ids);
    forget(connection, jobs, new HashMap<>());
  }

  /** See {@link dev.jobs4j.spi.JobRecords#delete}. */
  boolean delete(JobId id) {
    Set<UUID> job = Set.of(id.value());
    return transactions.transaction(
        "Deleting a job",
        connection -> {
          if (lockDead.on(connection).id(id.value()).first(Locked::ended).isPresent()) {
            deleteDead(connection, job);
            return true;
          }
          boolean gone = deleteHistory.on(connection).ids(job).update() > 0;
          if (gone) {
            forget(connection, job, new HashMap<>());
          }
          return gone;
        });
  }

  /** See {@link dev.jobs4j.spi.JobStore#expire}. */
  List<JobId> expire(int limit) {
    return transactions.transaction(
        "Giving up jobs that did not start in time",
        connection -> {
          Map<UUID, String> failures = new LinkedHashMap<>();
          Map<UUID, String> freed = new HashMap<>();
          Map<UUID, String> leaving = new HashMap<>();
          expired
              .on(connection)
              .number(limit)
              .each(
                  row -> {
                    failures.put(row.id("id"), "not started by " + row.instant("expires_at"));
                    String key = row.textOrNull("unique_key");
                    if (key != null) {
                      freed.put(row.id("id"), key);
                    }
                    if (row.flag("line_skip")) {
                      leaving.put(row.id("id"), row.text("line_key"));
                    }
                  });
          for (Map.Entry<UUID, String> job : failures.entrySet()) {
            Failure failure = new Failure("Expired", job.getValue(), "");
            moves.toDead(connection, job.getKey(), DeadReason.EXPIRED, failure);
          }
          keys.end(connection, freed);
          Map<UUID, Ending> endings = new TreeMap<>();
          failures.keySet().forEach(job -> endings.put(job, Ending.DEAD));
          leaving.putAll(waiting.letGo(connection, endings));
          lines.change(connection, List.of(), leaving);
          burials.follow(connection, failures.keySet());
          return failures.keySet().stream().map(JobId::new).toList();
        });
  }

  private void forget(Connection connection, Set<UUID> deleted, Map<UUID, String> leaving)
      throws SQLException {
    leaving.putAll(
        waiting.letGo(
            connection,
            deleted.stream()
                .collect(Collectors.toMap(Function.identity(), job -> Ending.DELETED))));
    deleteAttempts.delete(connection, deleted, Call::ids);
    deleteNotes.delete(connection, deleted, Call::ids);
    waiting.forgetChildren(connection, deleted);
    lines.change(connection, List.of(), leaving);
  }
}
