package dev.jobs4j.store.jdbc;

import static java.util.Comparator.naturalOrder;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes jobs back from engines that died or left. Fencing comes first and is committed by itself:
 * its row lock waits for claims in flight, and claims that come later find the engine fenced, so
 * what an engine holds can only become less from then on.
 */
final class Reaping {

  private final Transactions transactions;
  private final Moves moves;
  private final UniqueKeys keys;
  private final Waiting waiting;
  private final Lines lines;
  private final Limits limits;
  private final Burials burials;
  private final Notices notices;
  private final Command expired;
  private final Command ends;
  private final Command lockExpired;
  private final Command fence;
  private final Command lockEngine;
  private final Command fenced;
  private final Command abandoned;
  private final Command held;
  private final Command forget;
  private final @Nullable Command forgetHeld;

  Reaping(
      Transactions transactions,
      Sql sql,
      UniqueKeys keys,
      Waiting waiting,
      Lines lines,
      Limits limits,
      Burials burials,
      Notices notices) {
    this.notices = notices;
    this.limits = limits;
    this.lines = lines;
    this.transactions = transactions;
    this.burials = burials;
    this.keys = keys;
    this.waiting = waiting;
    moves = new Moves(sql);
    expired =
        sql.command(
            """
            SELECT id FROM {p}engine WHERE state = 'LIVE' AND expires_at < {now-?}
            """);
    ends =
        sql.command("SELECT {since expires_at} AS since_end FROM {p}engine WHERE state = 'LIVE'");
    lockExpired =
        sql.command(
            """
            SELECT id FROM {p}engine {use PRIMARY}
             WHERE id = ANY (?) AND state = 'LIVE' AND expires_at < {now-?}
             ORDER BY id
             {fence}
            """);
    fence = sql.command("UPDATE {p}engine {use PRIMARY} SET state = 'FENCED' WHERE id = ANY (?)");
    lockEngine =
        sql.command("SELECT id FROM {p}engine {use PRIMARY} WHERE id = ANY (?) FOR UPDATE");
    fenced = sql.command("SELECT id FROM {p}engine WHERE state = 'FENCED'");
    abandoned =
        sql.command(
            """
            SELECT j.id, crashes, suspect, cancel_requested, unique_key, line_key, line_skip,
                   limits
              FROM {held}
             WHERE {holder} = ANY (?) AND j.state = 'RUNNING'
             ORDER BY j.id
             LIMIT ?
               {lock held} SKIP LOCKED
            """);
    held =
        sql.command(
            """
            SELECT j.id, crashes, suspect, cancel_requested, unique_key, line_key, line_skip,
                   limits
              FROM {held}
             WHERE {holder} = ANY (?) AND j.state = 'RUNNING'
             ORDER BY j.id
               {lock held}
            """);
    forget =
        sql.command(
            """
            DELETE FROM {p}engine
             WHERE id = ANY (?) AND state = 'FENCED'
               AND NOT EXISTS (
                     SELECT 1 FROM {held}
                      WHERE {holder} = {p}engine.id AND j.state = 'RUNNING')
            """);
    String members = sql.dialect().forgetHeld();
    forgetHeld = members == null ? null : sql.command(members);
  }

  private void forget(Connection connection, Collection<UUID> engines) throws SQLException {
    forget.delete(connection, engines, Call::ids);
    if (forgetHeld != null) {
      forgetHeld.on(connection).ids(engines).update();
    }
  }

  /** See {@link dev.jobs4j.spi.JobStore#reap}. */
  Reaped reap(ReapRequest request) {
    Fenced newlyFenced =
        transactions.transaction("Fencing engines", connection -> fence(connection, request));
    Taken taken =
        transactions.transaction("Taking jobs back", connection -> takeBack(connection, request));
    return new Reaped(
        newlyFenced.engines().stream().map(EngineId::new).toList(),
        taken.returned,
        taken.dead,
        taken.cancelled,
        taken.more,
        newlyFenced.nextEnd());
  }

  private Fenced fence(Connection connection, ReapRequest request) throws SQLException {
    long grace = Micros.of(request.grace());
    Set<UUID> seen = expired.on(connection).number(grace).findIds();
    Set<UUID> ids =
        seen.isEmpty() ? seen : lockExpired.on(connection).ids(seen).number(grace).findIds();
    if (!ids.isEmpty()) {
      fence.on(connection).ids(ids).update();
    }
    return new Fenced(ids, nextEnd(connection, grace));
  }

  private Optional<Duration> nextEnd(Connection connection, long grace) throws SQLException {
    return ends.on(connection).list(row -> grace - row.number("since_end")).stream()
        .filter(micros -> micros >= 0)
        .min(naturalOrder())
        .map(micros -> Duration.of(micros, ChronoUnit.MICROS));
  }

  private Taken takeBack(Connection connection, ReapRequest request) throws SQLException {
    Taken taken = new Taken();
    Set<UUID> engines = fenced.on(connection).findIds();
    if (engines.isEmpty()) {
      return taken;
    }
    long oneMore = request.limit() + 1L; // to know whether there is more
    List<Running> rows = Running.read(abandoned.on(connection).ids(engines).number(oneMore));
    taken.more = rows.size() > request.limit();
    for (Running row : rows.subList(0, Math.min(rows.size(), request.limit()))) {
      takeFromDead(connection, row, request.maxCrashes(), taken);
      taken.met(row);
    }
    letGo(connection, taken);
    burials.follow(connection, taken.dead.stream().map(JobId::value).toList());
    limits.release(connection, taken.limited);
    forget(connection, engines);
    return taken;
  }

  /**
   * See {@link dev.jobs4j.spi.JobStore#retire}. In two transactions, as a reap: the jobs may be
   * locked by a caller who enqueues their children, and while we wait for that no other node may
   * have to wait for the engine's row. If the second fails, the next reap does its work.
   */
  void retire(EngineId engine) {
    Collection<UUID> id = Set.of(engine.value());
    transactions.transaction(
        "Fencing an engine that leaves",
        connection -> {
          lockEngine.on(connection).ids(id).findIds();
          return fence.on(connection).ids(id).update();
        });
    transactions.transaction(
        "Retiring an engine",
        connection -> {
          Taken taken = new Taken();
          for (Running row : Running.read(held.on(connection).ids(id))) {
            moves.takeBack(connection, row.id(), 1, 0, row.suspect());
            putBack(connection, row, taken);
            taken.met(row);
          }
          letGo(connection, taken);
          limits.release(connection, taken.limited);
          forget(connection, id);
          return id;
        });
  }

  private void letGo(Connection connection, Taken taken) throws SQLException {
    keys.end(connection, taken.freed);
    taken.leaving.putAll(waiting.letGo(connection, taken.endings()));
    lines.change(connection, List.of(), taken.leaving);
    notices.released(connection, taken.returned.stream().map(JobId::value).toList());
  }

  private void takeFromDead(Connection connection, Running row, int maxCrashes, Taken taken)
      throws SQLException {
    if (!row.suspect() || row.cancelRequested()) {
      moves.takeBack(connection, row.id(), 1, 0, true);
      putBack(connection, row, taken);
      return;
    }
    moves.note(connection, row.id(), null);
    moves.takeBack(connection, row.id(), 1, 1, true);
    int crashes = row.crashes() + 1;
    if (crashes <= maxCrashes) {
      putBack(connection, row, taken);
      return;
    }
    Failure crash =
        new Failure(
            "CrashLoop", "Its engine died while it ran this job alone, times: " + crashes, "");
    moves.toDead(connection, row.id(), DeadReason.CRASH_LOOP, crash);
    taken.ended(row, row.skips());
    taken.dead.add(new JobId(row.id()));
  }

  private void putBack(Connection connection, Running row, Taken taken) throws SQLException {
    if (row.cancelRequested()) {
      moves.toHistory(connection, row.id(), JobState.CANCELLED, null);
      taken.ended(row, true);
      taken.cancelled.add(new JobId(row.id()));
    } else {
      moves.putBack(connection, row.id());
      taken.returned.add(new JobId(row.id()));
    }
  }

  /** Engines declared dead, and when the next lease ends. */
  private record Fenced(Set<UUID> engines, Optional<Duration> nextEnd) {}

  /** A running job of a fenced engine, locked. */
  private record Running(
      UUID id,
      int crashes,
      boolean suspect,
      boolean cancelRequested,
      @Nullable String uniqueKey,
      @Nullable String line,
      boolean skips,
      @Nullable String limits) {

    static List<Running> read(Call call) throws SQLException {
      return call.list(
          row ->
              new Running(
                  row.id("id"),
                  row.integer("crashes"),
                  row.flag("suspect"),
                  row.flag("cancel_requested"),
                  row.textOrNull("unique_key"),
                  row.textOrNull("line_key"),
                  row.flag("line_skip"),
                  row.textOrNull("limits")));
    }
  }

  /** What one call has taken back so far. */
  private static final class Taken {
    private final List<JobId> returned = new ArrayList<>();
    private final List<JobId> dead = new ArrayList<>();
    private final List<JobId> cancelled = new ArrayList<>();
    private final Map<UUID, String> freed = new HashMap<>();
    private final Map<UUID, String> leaving = new HashMap<>();
    private final Map<UUID, String> limited = new TreeMap<>();
    private boolean more;

    /** How those that have ended did so. */
    Map<UUID, Ending> endings() {
      Map<UUID, Ending> endings = new TreeMap<>();
      dead.forEach(id -> endings.put(id.value(), Ending.DEAD));
      cancelled.forEach(id -> endings.put(id.value(), Ending.CANCELLED));
      return endings;
    }

    /** A job that runs no more holds no permits. */
    void met(Running row) {
      if (row.limits() != null) {
        limited.put(row.id(), row.limits());
      }
    }

    void ended(Running row, boolean leaves) {
      if (row.uniqueKey() != null) {
        freed.put(row.id(), row.uniqueKey());
      }
      if (row.line() != null && leaves) {
        leaving.put(row.id(), row.line());
      }
    }
  }
}
