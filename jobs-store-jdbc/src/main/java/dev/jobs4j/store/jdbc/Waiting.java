package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.WaitRule;
import dev.jobs4j.spi.WaitRule.Effect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Which job waits for which. A child locks its parents against going until it is committed, so a
 * parent's settlement, which looks for children after it has taken the parent away, misses none.
 */
final class Waiting {

  /** A parent may move between the areas while it is looked for. */
  private static final int TRIES = 5;

  /** One job that waits for one other. */
  record Wait(UUID parent, UUID child, WaitRule rule) {
    static Wait of(Row row) throws SQLException {
      return new Wait(row.id("parent_id"), row.id("child_id"), WaitRule.valueOf(row.text("rule")));
    }
  }

  private final Moves moves;
  private final UniqueKeys keys;
  private final Notices notices;
  private final Command lockHot;
  private final Command lockDead;
  private final Command lockCancelled;
  private final Command succeeded;
  private final Command succeededByNow;
  private final Command insert;
  private final Command ofParents;
  private final Command ofChildren;
  private final Command forget;
  private final Command release;
  private final Command lockChildren;
  private final Command forgetChildren;

  Waiting(Sql sql, UniqueKeys keys, Notices notices) {
    this.notices = notices;
    this.keys = keys;
    moves = new Moves(sql);
    lockHot =
        sql.command("SELECT id FROM {p}job {use PRIMARY} WHERE id = ANY (?) ORDER BY id {share}");
    lockDead =
        sql.command("SELECT id FROM {p}dead {use PRIMARY} WHERE id = ANY (?) ORDER BY id {share}");
    lockCancelled =
        sql.command(
            """
            SELECT id FROM {p}history {use PRIMARY}
             WHERE id = ANY (?) AND state = 'CANCELLED' ORDER BY id {share}
            """);
    String history =
        "SELECT id FROM {p}history {use PRIMARY} WHERE id = ANY (?) AND state = 'SUCCEEDED'";
    succeeded = sql.command(history);
    succeededByNow = sql.command(history + " {fresh}");
    insert = sql.command("INSERT INTO {p}wait (parent_id, child_id, rule) VALUES (?, ?, ?)");
    ofParents =
        sql.command(
            """
            SELECT parent_id, child_id, rule FROM {p}wait {use PRIMARY}
             WHERE parent_id = ANY (?) ORDER BY child_id, parent_id FOR UPDATE
            """);
    ofChildren =
        sql.command(
            """
            SELECT parent_id, child_id, rule FROM {p}wait {use wait_child}
             WHERE child_id = ANY (?) ORDER BY child_id, parent_id FOR UPDATE
            """);
    forget = sql.command("DELETE FROM {p}wait WHERE parent_id = ? AND child_id = ?");
    // The order matters to MySQL: there an assignment sees those before it.
    release =
        sql.command(
            """
            UPDATE {p}job
               SET block_reason = CASE WHEN waits > ? THEN block_reason
                                       WHEN block_reason = 'BOTH' THEN 'FIFO' END,
                   waits = waits - ?
             WHERE id = ?
            """);
    lockChildren =
        sql.command(
            """
            SELECT id, unique_key, line_key FROM {p}job {use PRIMARY}
             WHERE id = ANY (?) AND state = 'PENDING' ORDER BY id FOR UPDATE
            """);
    forgetChildren = sql.command("DELETE FROM {p}wait WHERE child_id = ANY (?)");
  }

  /**
   * Locks these parents, in order of id, and tells their states; one that is unknown has none. One
   * that is known to have succeeded is not looked for with a lock: where there is no such row, that
   * may lock the gap.
   */
  Map<UUID, JobState> lockParents(Connection connection, Collection<UUID> parents)
      throws SQLException {
    Set<UUID> unknown = new TreeSet<>(parents);
    Map<UUID, JobState> states = new HashMap<>();
    find(connection, succeeded, JobState.SUCCEEDED, unknown, states);
    for (int tries = 0; tries < TRIES && !unknown.isEmpty(); tries++) {
      find(connection, lockHot, JobState.PENDING, unknown, states);
      find(connection, lockDead, JobState.DEAD, unknown, states);
      find(connection, lockCancelled, JobState.CANCELLED, unknown, states);
      find(connection, succeededByNow, JobState.SUCCEEDED, unknown, states);
    }
    return states;
  }

  private static void find(
      Connection connection,
      Command command,
      JobState state,
      Set<UUID> unknown,
      Map<UUID, JobState> states)
      throws SQLException {
    if (!unknown.isEmpty()) {
      Set<UUID> found = command.on(connection).ids(unknown).findIds();
      found.forEach(id -> states.put(id, state));
      unknown.removeAll(found);
    }
  }

  void insert(Connection connection, Collection<Wait> waits) throws SQLException {
    insert.batch(
        connection,
        waits,
        (call, wait) -> call.id(wait.parent()).id(wait.child()).text(wait.rule().name()));
  }

  /**
   * These jobs have ended and are gone from the hot area: releases and cancels those that waited
   * for that, and so on. What is cancelled stays linked, for both may be requeued. Each step is a
   * statement of its own, because only a statement that begins after the parents are gone sees
   * every child.
   *
   * @return those that are cancelled and stood in a line, and in which
   */
  Map<UUID, String> letGo(Connection connection, Map<UUID, Ending> endings) throws SQLException {
    Map<UUID, String> leaving = new HashMap<>();
    Map<UUID, Ending> round = endings;
    while (!round.isEmpty()) {
      List<Wait> over = new ArrayList<>();
      Set<UUID> cancelled = new TreeSet<>();
      for (Wait wait : ofParents.on(connection).ids(round.keySet()).list(Wait::of)) {
        Ending ending = Objects.requireNonNull(round.get(wait.parent()), "ending");
        Effect effect = ending.on(wait.rule());
        if (effect == Effect.RELEASE) {
          over.add(wait);
        }
        if (effect == Effect.CANCEL) {
          cancelled.add(wait.child());
        }
      }
      forget(connection, over);
      unblock(connection, over);
      round = cancel(connection, cancelled, leaving);
    }
    return leaving;
  }

  /** These jobs wait for one parent fewer for each, and for none any more if those were all. */
  void unblock(Connection connection, Collection<Wait> over) throws SQLException {
    Map<UUID, Integer> fewer = new TreeMap<>();
    over.forEach(wait -> fewer.merge(wait.child(), 1, Integer::sum));
    release.batch(
        connection,
        fewer.entrySet(),
        (call, child) -> call.number(child.getValue()).number(child.getValue()).id(child.getKey()));
    notices.released(connection, fewer.keySet());
  }

  private Map<UUID, Ending> cancel(
      Connection connection, Set<UUID> children, Map<UUID, String> leaving) throws SQLException {
    if (children.isEmpty()) {
      return Map.of();
    }
    Map<UUID, Ending> cancelled = new TreeMap<>();
    Map<UUID, String> freed = new HashMap<>();
    lockChildren
        .on(connection)
        .ids(children)
        .each(
            row -> {
              cancelled.put(row.id("id"), Ending.CANCELLED);
              String key = row.textOrNull("unique_key");
              if (key != null) {
                freed.put(row.id("id"), key);
              }
              String line = row.textOrNull("line_key");
              if (line != null) {
                leaving.put(row.id("id"), line);
              }
            });
    for (UUID child : cancelled.keySet()) {
      moves.toHistory(connection, child, JobState.CANCELLED, null);
    }
    keys.end(connection, freed);
    return cancelled;
  }

  void forget(Connection connection, Collection<Wait> waits) throws SQLException {
    forget.batch(connection, waits, (call, wait) -> call.id(wait.parent()).id(wait.child()));
  }

  /** What a job waits for, locked until the transaction ends. */
  List<Wait> ofChild(Connection connection, UUID child) throws SQLException {
    return ofChildren.on(connection).ids(Set.of(child)).list(Wait::of);
  }

  /** These jobs are gone for good and wait for nothing. */
  void forgetChildren(Connection connection, Collection<UUID> children) throws SQLException {
    forgetChildren.delete(connection, children, Call::ids);
  }
}
