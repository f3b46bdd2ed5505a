package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  private record Wait(UUID parent, UUID child) {}

  private final Command lockHot;
  private final Command lockDead;
  private final Command lockCancelled;
  private final Command succeeded;
  private final Command succeededByNow;
  private final Command insert;
  private final Command lockChildren;
  private final Command forgetParents;
  private final Command release;
  private final Command countParents;
  private final Command forgetChildren;

  Waiting(Sql sql) {
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
    String history = "SELECT id FROM {p}history WHERE id = ANY (?) AND state = 'SUCCEEDED'";
    succeeded = sql.command(history);
    succeededByNow = sql.command(history + " {fresh}");
    insert = sql.command("INSERT INTO {p}wait (parent_id, child_id) VALUES (?, ?)");
    lockChildren =
        sql.command(
            """
            SELECT child_id FROM {p}wait {use PRIMARY}
             WHERE parent_id = ANY (?) ORDER BY child_id FOR UPDATE
            """);
    forgetParents = sql.command("DELETE FROM {p}wait WHERE parent_id = ANY (?)");
    // The order matters to MySQL: there an assignment sees those before it.
    release =
        sql.command(
            """
            UPDATE {p}job
               SET block_reason = CASE WHEN waits <= ? THEN NULL ELSE block_reason END,
                   waits = waits - ?
             WHERE id = ?
            """);
    countParents =
        sql.command("SELECT parent_id FROM {p}wait {use wait_child} WHERE child_id = ? FOR UPDATE");
    forgetChildren = sql.command("DELETE FROM {p}wait WHERE child_id = ANY (?)");
  }

  /**
   * Locks these parents, in order of id, and leaves out those that have succeeded: as far as that
   * is known without a lock they are not looked for with one, for what a lock does not find it may
   * lock as a gap.
   *
   * @throws InvalidJobException if one is unknown
   */
  Set<UUID> lockParents(Connection connection, Collection<UUID> parents) throws SQLException {
    Set<UUID> unknown = new TreeSet<>(parents);
    unknown.removeAll(succeeded.on(connection).ids(unknown).findIds());
    Set<UUID> waitedFor = new HashSet<>();
    for (int tries = 0; tries < TRIES && !unknown.isEmpty(); tries++) {
      for (Command lock : List.of(lockHot, lockDead, lockCancelled)) {
        if (!unknown.isEmpty()) {
          Set<UUID> found = lock.on(connection).ids(unknown).findIds();
          waitedFor.addAll(found);
          unknown.removeAll(found);
        }
      }
      if (!unknown.isEmpty()) {
        unknown.removeAll(succeededByNow.on(connection).ids(unknown).findIds());
      }
    }
    if (!unknown.isEmpty()) {
      throw new InvalidJobException("after names jobs that are not known: " + unknown);
    }
    return waitedFor;
  }

  void insert(Connection connection, Map<UUID, Set<UUID>> parentsByChild) throws SQLException {
    List<Wait> waits = new ArrayList<>();
    parentsByChild.forEach(
        (child, parents) -> parents.forEach(parent -> waits.add(new Wait(parent, child))));
    insert.batch(connection, waits, (call, wait) -> call.id(wait.parent()).id(wait.child()));
  }

  /**
   * These jobs have succeeded and are gone from the hot area: releases those that waited for
   * nothing else, in order of id. Each step is a statement of its own, because only a statement
   * that begins after the parents are gone sees every child.
   */
  void release(Connection connection, Collection<UUID> parents) throws SQLException {
    if (parents.isEmpty()) {
      return;
    }
    Map<UUID, Integer> fewer = new TreeMap<>();
    lockChildren
        .on(connection)
        .ids(parents)
        .each(row -> fewer.merge(row.id("child_id"), 1, Integer::sum));
    if (fewer.isEmpty()) {
      return;
    }
    forgetParents.delete(connection, parents, Call::ids);
    unblock(connection, fewer);
  }

  /** These jobs wait for so many parents fewer, and for none any more if those were all. */
  void unblock(Connection connection, Map<UUID, Integer> fewer) throws SQLException {
    release.batch(
        connection,
        fewer.entrySet(),
        (call, child) -> call.number(child.getValue()).number(child.getValue()).id(child.getKey()));
  }

  /** How many parents a job waits for, locked until the transaction ends. */
  int countParents(Connection connection, UUID child) throws SQLException {
    return countParents.on(connection).id(child).findIds().size();
  }

  /** These jobs are gone for good and wait for nothing. */
  void forgetChildren(Connection connection, Collection<UUID> children) throws SQLException {
    forgetChildren.delete(connection, children, Call::ids);
  }
}
