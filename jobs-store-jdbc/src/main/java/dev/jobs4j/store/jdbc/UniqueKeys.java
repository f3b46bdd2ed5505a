package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.store.jdbc.RowInserts.NewKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Who holds which unique key. A key is its own row, so that it can outlive its job; two that want
 * it meet at its primary key, and the later one waits for the earlier one's commit.
 */
final class UniqueKeys {

  /** A holder may free the key between the try to take it and the look at who has it. */
  private static final int TRIES = 20;

  private final RowInserts inserts;
  private final String dropOver;
  private final String holders;
  private final String drop;
  private final String endOver;
  private final String end;
  private final String revive;
  private final String pruneOver;

  UniqueKeys(Sql sql, RowInserts inserts) {
    this.inserts = inserts;
    dropOver =
        sql.of("DELETE FROM {p}key WHERE key_value = ANY (?) AND ended AND held_until <= {now}");
    holders = sql.of("SELECT key_value, job_id FROM {p}key WHERE key_value = ANY (?)");
    drop = sql.of("DELETE FROM {p}key WHERE key_value = ANY (?)");
    endOver =
        sql.of(
            """
            DELETE FROM {p}key
             WHERE key_value = ANY (?) AND job_id = ANY (?) AND held_until <= {now}
            """);
    end = sql.of("UPDATE {p}key SET ended = TRUE WHERE key_value = ANY (?) AND job_id = ANY (?)");
    revive = sql.of("UPDATE {p}key SET ended = FALSE WHERE key_value = ? AND job_id = ?");
    pruneOver =
        sql.of(
            """
            SELECT key_value FROM {p}key
             WHERE ended AND held_until <= {now}
             ORDER BY held_until
             LIMIT ?
               FOR UPDATE SKIP LOCKED
            """);
  }

  /**
   * Takes the keys that are free, in order of key, so that two takers of several cannot wait for
   * each other in a circle.
   *
   * @return the holders of those that were taken already
   */
  Map<String, UUID> take(Connection connection, Collection<NewKey> keys) throws SQLException {
    Map<String, NewKey> wanted = new TreeMap<>();
    keys.forEach(key -> wanted.put(key.value(), key));
    Map<String, UUID> taken = new HashMap<>();
    for (int tries = 0; !wanted.isEmpty(); tries++) {
      if (tries == TRIES) {
        throw new StoreException(
            "Unique keys change hands faster than they can be read, nothing was done: keys="
                + wanted.keySet(),
            Certainty.NOT_DONE,
            new SQLException("keys held by nobody", "40001"));
      }
      update(connection, dropOver, wanted.keySet());
      Set<String> got = inserts.insertKeys(connection, List.copyOf(wanted.values()));
      wanted.keySet().removeAll(got);
      if (!wanted.isEmpty()) {
        taken.putAll(holders(connection, wanted.keySet()));
        wanted.keySet().removeAll(taken.keySet());
      }
    }
    return taken;
  }

  /** Gives back keys that this transaction has just taken. */
  void drop(Connection connection, Collection<String> keys) throws SQLException {
    if (!keys.isEmpty()) {
      update(connection, drop, keys);
    }
  }

  /** These jobs have ended: their keys are free, or are left to their windows. */
  void end(Connection connection, Map<String, UUID> holders) throws SQLException {
    if (holders.isEmpty()) {
      return;
    }
    for (String sql : List.of(endOver, end)) {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setArray(1, Rows.texts(connection, new TreeMap<>(holders).keySet()));
        statement.setArray(2, Rows.uuids(connection, holders.values()));
        statement.executeUpdate();
      }
    }
  }

  /** A job lives again: returns whether the key is its own now. */
  boolean revive(Connection connection, String key, UUID job) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(revive)) {
      statement.setString(1, key);
      statement.setObject(2, job);
      if (statement.executeUpdate() == 1) {
        return true;
      }
    }
    return take(connection, List.of(new NewKey(key, job, 0))).isEmpty();
  }

  /** Deletes keys that are over; returns how many. */
  int prune(Connection connection, int limit) throws SQLException {
    List<String> over = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(pruneOver)) {
      statement.setInt(1, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          over.add(row.getString(1));
        }
      }
    }
    drop(connection, over);
    return over.size();
  }

  private Map<String, UUID> holders(Connection connection, Collection<String> keys)
      throws SQLException {
    Map<String, UUID> found = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(holders)) {
      statement.setArray(1, Rows.texts(connection, keys));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.put(row.getString("key_value"), Rows.uuid(row, "job_id"));
        }
      }
    }
    return found;
  }

  private static void update(Connection connection, String sql, Collection<String> keys)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, Rows.texts(connection, keys));
      statement.executeUpdate();
    }
  }
}
