package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.store.jdbc.RowInserts.NewKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Who holds which unique key. A key is its own row, so that it can outlive its job; two that want
 * it meet at its primary key, and the later one waits for the earlier one's commit.
 */
final class UniqueKeys {

  /** A holder may free the key between the try to take it and the look at who has it. */
  private static final int TRIES = 20;

  /** Who has a key, if only because nobody has taken it away yet. */
  private record Holder(String key, UUID job, boolean isOver) {}

  private final RowInserts inserts;
  private final Command holders;
  private final Command holdersByNow;
  private final Command dropOver;
  private final Command drop;
  private final Command endOver;
  private final Command end;
  private final Command revive;
  private final Command takeOver;
  private final Command pruneOver;

  UniqueKeys(Sql sql, RowInserts inserts) {
    this.inserts = inserts;
    String look =
        """
        SELECT key_value, job_id, ended AND held_until <= {now} AS is_over
          FROM {p}key {use PRIMARY}
         WHERE key_value = ANY (?)
        """;
    holders = sql.command(look);
    holdersByNow = sql.command(look + "{fresh}");
    dropOver =
        sql.command(
            "DELETE FROM {p}key WHERE key_value = ANY (?) AND ended AND held_until <= {now}");
    drop = sql.command("DELETE FROM {p}key WHERE key_value = ANY (?)");
    endOver =
        sql.command(
            """
            DELETE FROM {p}key
             WHERE key_value = ANY (?) AND job_id = ANY (?) AND held_until <= {now}
            """);
    end =
        sql.command(
            """
            UPDATE {p}key {use PRIMARY} SET ended = TRUE
             WHERE key_value = ANY (?) AND job_id = ANY (?)
            """);
    revive = sql.command("UPDATE {p}key SET ended = FALSE WHERE key_value = ? AND job_id = ?");
    takeOver =
        sql.command(
            """
            UPDATE {p}key SET job_id = ?, ended = FALSE, held_until = {now+?}
             WHERE key_value = ? AND job_id = ?
            """);
    pruneOver =
        sql.command(
            """
            SELECT key_value FROM {p}key {use key_over}
             WHERE ended = TRUE AND held_until <= {now}
             ORDER BY held_until
             LIMIT ?
               FOR UPDATE SKIP LOCKED
            """);
  }

  /**
   * Takes the keys that are free, in order of key, so that two takers of several cannot wait for
   * each other in a circle. It looks before it tries: an INSERT that is refused and a DELETE that
   * finds nothing leave locks behind on MySQL. What refused an INSERT is looked for once more, by a
   * read that sees what an older snapshot does not.
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
      Set<String> over = new TreeSet<>();
      Command look = tries == 0 ? holders : holdersByNow;
      for (Holder holder : holders(connection, look, wanted.keySet())) {
        if (holder.isOver()) {
          over.add(holder.key());
        } else {
          taken.put(holder.key(), holder.job());
          wanted.remove(holder.key());
        }
      }
      dropOver.delete(connection, over, Call::texts);
      if (!wanted.isEmpty()) {
        wanted.keySet().removeAll(inserts.insertKeys(connection, List.copyOf(wanted.values())));
      }
    }
    return taken;
  }

  /** Gives a key that {@code holder} has to another job, or anew to itself; false if it has not. */
  boolean takeOver(Connection connection, NewKey key, UUID holder) throws SQLException {
    return takeOver
            .on(connection)
            .id(key.job())
            .number(key.windowMicros())
            .text(key.value())
            .id(holder)
            .update()
        == 1;
  }

  /** Gives back keys that this transaction has just taken. */
  void drop(Connection connection, Collection<String> keys) throws SQLException {
    drop.delete(connection, keys, Call::texts);
  }

  /**
   * These jobs have ended: the keys that they hold are free, or are left to their windows. Two of
   * them may have had one key, since a running job loses it to the one that follows.
   */
  void end(Connection connection, Map<UUID, String> keysByJob) throws SQLException {
    if (keysByJob.isEmpty()) {
      return;
    }
    Set<UUID> jobs = keysByJob.keySet();
    Collection<String> inOrder = new TreeSet<>(keysByJob.values());
    endOver.delete(connection, inOrder, (call, keys) -> call.texts(keys).ids(jobs));
    end.on(connection).texts(inOrder).ids(jobs).update();
  }

  /** A job lives again: returns whether the key is its own now. */
  boolean revive(Connection connection, String key, UUID job) throws SQLException {
    return revive.on(connection).text(key).id(job).update() == 1
        || take(connection, List.of(new NewKey(key, job, 0))).isEmpty();
  }

  /** Deletes keys that are over; returns how many. */
  int prune(Connection connection, int limit) throws SQLException {
    List<String> over = pruneOver.on(connection).number(limit).list(row -> row.text("key_value"));
    drop(connection, over);
    return over.size();
  }

  private static List<Holder> holders(Connection connection, Command look, Collection<String> keys)
      throws SQLException {
    return look.on(connection)
        .texts(keys)
        .list(row -> new Holder(row.text("key_value"), row.id("job_id"), row.flag("is_over")));
  }
}
