package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
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

  private final String lockHot;
  private final String lockDead;
  private final String lockCancelled;
  private final String succeeded;
  private final String insert;
  private final String lockChildren;
  private final String forgetParents;
  private final String release;
  private final String countParents;
  private final String forgetChildren;

  Waiting(Sql sql) {
    lockHot = sql.of("SELECT id FROM {p}job WHERE id = ANY (?) ORDER BY id {share}");
    lockDead = sql.of("SELECT id FROM {p}dead WHERE id = ANY (?) ORDER BY id {share}");
    lockCancelled =
        sql.of(
            """
            SELECT id FROM {p}history
             WHERE id = ANY (?) AND state = 'CANCELLED' ORDER BY id {share}
            """);
    succeeded = sql.of("SELECT id FROM {p}history WHERE id = ANY (?) AND state = 'SUCCEEDED'");
    insert = sql.of("INSERT INTO {p}wait (parent_id, child_id) VALUES (?, ?)");
    lockChildren =
        sql.of(
            "SELECT child_id FROM {p}wait WHERE parent_id = ANY (?) ORDER BY child_id FOR UPDATE");
    forgetParents = sql.of("DELETE FROM {p}wait WHERE parent_id = ANY (?)");
    release =
        sql.of(
            """
            UPDATE {p}job
               SET waits = waits - ?,
                   block_reason = CASE WHEN waits <= ? THEN NULL ELSE block_reason END
             WHERE id = ?
            """);
    countParents = sql.of("SELECT parent_id FROM {p}wait WHERE child_id = ANY (?) FOR UPDATE");
    forgetChildren = sql.of("DELETE FROM {p}wait WHERE child_id = ANY (?)");
  }

  /**
   * Locks these parents, in order of id, and leaves out those that have succeeded.
   *
   * @throws InvalidJobException if one is unknown
   */
  Set<UUID> lockParents(Connection connection, Collection<UUID> parents) throws SQLException {
    Set<UUID> unknown = new TreeSet<>(parents);
    Set<UUID> waitedFor = new HashSet<>();
    for (int tries = 0; tries < TRIES && !unknown.isEmpty(); tries++) {
      for (String sql : new String[] {lockHot, lockDead, lockCancelled}) {
        if (!unknown.isEmpty()) {
          Set<UUID> found = Rows.find(connection, sql, unknown);
          waitedFor.addAll(found);
          unknown.removeAll(found);
        }
      }
      if (!unknown.isEmpty()) {
        unknown.removeAll(Rows.find(connection, succeeded, unknown));
      }
    }
    if (!unknown.isEmpty()) {
      throw new InvalidJobException("after names jobs that are not known: " + unknown);
    }
    return waitedFor;
  }

  void insert(Connection connection, Map<UUID, Set<UUID>> parentsByChild) throws SQLException {
    if (parentsByChild.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(insert)) {
      for (Map.Entry<UUID, Set<UUID>> entry : parentsByChild.entrySet()) {
        for (UUID parent : entry.getValue()) {
          statement.setObject(1, parent);
          statement.setObject(2, entry.getKey());
          statement.addBatch();
        }
      }
      statement.executeBatch();
    }
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
    try (PreparedStatement statement = connection.prepareStatement(lockChildren)) {
      statement.setArray(1, Rows.uuids(connection, parents));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          fewer.merge(Rows.uuid(row, "child_id"), 1, Integer::sum);
        }
      }
    }
    if (fewer.isEmpty()) {
      return;
    }
    Rows.update(connection, forgetParents, parents);
    unblock(connection, fewer);
  }

  /** These jobs wait for so many parents fewer, and for none any more if those were all. */
  void unblock(Connection connection, Map<UUID, Integer> fewer) throws SQLException {
    if (fewer.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(release)) {
      for (Map.Entry<UUID, Integer> child : fewer.entrySet()) {
        statement.setInt(1, child.getValue());
        statement.setInt(2, child.getValue());
        statement.setObject(3, child.getKey());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** How many parents a job waits for, locked until the transaction ends. */
  int countParents(Connection connection, UUID child) throws SQLException {
    return Rows.find(connection, countParents, Set.of(child)).size();
  }

  /** These jobs are gone for good and wait for nothing. */
  void forgetChildren(Connection connection, Collection<UUID> children) throws SQLException {
    Rows.update(connection, forgetChildren, children);
  }
}
