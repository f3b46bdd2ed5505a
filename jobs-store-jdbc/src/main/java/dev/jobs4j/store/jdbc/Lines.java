package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.WaitRule;
import dev.jobs4j.store.jdbc.Waiting.Wait;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The lines whose jobs run one after the other. A line is a row that names its last job; whoever
 * adds to it locks that row, so enqueues of one key wait for each other's commit.
 */
final class Lines {

  /** A row may be pruned between the try to insert it and its lock. */
  private static final int TRIES = 20;

  private final RowInserts inserts;
  private final Waiting waiting;
  private final Command lock;
  private final Command write;
  private final Command over;
  private final Command drop;

  Lines(Sql sql, RowInserts inserts, Waiting waiting) {
    this.inserts = inserts;
    this.waiting = waiting;
    lock =
        sql.command(
            """
            SELECT line_key, last_id FROM {p}line
             WHERE line_key = ANY (?) ORDER BY line_key FOR UPDATE
            """);
    write = sql.command("UPDATE {p}line SET last_id = ? WHERE line_key = ?");
    over =
        sql.command(
            """
            SELECT line_key FROM {p}line
             WHERE NOT EXISTS (SELECT 1 FROM {p}job WHERE {p}job.id = {p}line.last_id)
               AND NOT EXISTS (SELECT 1 FROM {p}dead WHERE {p}dead.id = {p}line.last_id)
             LIMIT ?
               FOR UPDATE SKIP LOCKED
            """);
    drop = sql.command("DELETE FROM {p}line WHERE line_key = ANY (?)");
  }

  /** A line as it is kept with a job: what its death does, and the key. */
  static @Nullable String write(@Nullable Fifo fifo) {
    return fifo == null ? null : fifo.onDead().name().charAt(0) + ":" + fifo.key();
  }

  static @Nullable Fifo read(@Nullable String column) {
    return column == null
        ? null
        : new Fifo(
            column.substring(2), column.charAt(0) == 'B' ? Fifo.OnDead.BLOCK : Fifo.OnDead.SKIP);
  }

  /** Puts these new jobs at the ends of their lines; returns what each has to wait for there. */
  List<Wait> stand(Connection connection, Collection<NewJob> jobs) throws SQLException {
    Map<String, UUID> lasts = lock(connection, keys(jobs));
    Set<UUID> added = new HashSet<>();
    List<Wait> waits = new ArrayList<>();
    for (NewJob job : jobs) {
      Fifo fifo = Objects.requireNonNull(job.fifo());
      UUID id = job.id().value();
      UUID last = Objects.requireNonNull(lasts.put(fifo.key(), id));
      WaitRule rule = WaitRule.of(fifo.onDead());
      UUID before = added.contains(last) ? last : living(connection, last, rule);
      if (!before.equals(Inserts.NOBODY)) {
        waits.add(new Wait(before, id, rule));
      }
      added.add(id);
    }
    write(connection, lasts);
    return waits;
  }

  /**
   * Puts a job that lives again at the end of its line: those behind it have passed it.
   *
   * @param waited for whom it waited in the line when it ended, or nobody
   * @return for whom it waits now, or nobody
   */
  UUID standAgain(Connection connection, UUID job, Fifo fifo, UUID waited) throws SQLException {
    Map<String, UUID> lasts = lock(connection, Set.of(fifo.key()));
    UUID last = Objects.requireNonNull(lasts.put(fifo.key(), job));
    UUID before = living(connection, last.equals(job) ? waited : last, WaitRule.of(fifo.onDead()));
    write(connection, lasts);
    return before;
  }

  /**
   * Who has to be waited for behind {@code last}: itself, or, if it ended without having started,
   * whom it still waited for then, or nobody.
   */
  private UUID living(Connection connection, UUID last, WaitRule rule) throws SQLException {
    UUID before = last;
    while (!before.equals(Inserts.NOBODY)) {
      JobState state = waiting.lockParents(connection, Set.of(before)).get(before);
      if (state != null && rule.onEnd(state) == WaitRule.Effect.STAY) {
        return before;
      }
      before =
          waiting.ofChild(connection, before).stream()
              .filter(wait -> wait.rule().isLine())
              .map(Wait::parent)
              .findFirst()
              .orElse(Inserts.NOBODY);
    }
    return before;
  }

  private void write(Connection connection, Map<String, UUID> lasts) throws SQLException {
    write.batch(
        connection, lasts.entrySet(), (call, line) -> call.id(line.getValue()).text(line.getKey()));
  }

  private static Set<String> keys(Collection<NewJob> jobs) {
    Set<String> keys = new TreeSet<>();
    for (NewJob job : jobs) {
      Fifo fifo = job.fifo();
      if (fifo != null) {
        keys.add(fifo.key());
      }
    }
    return keys;
  }

  /** The last job of each line, or nobody, under the lock of its row. */
  private Map<String, UUID> lock(Connection connection, Set<String> keys) throws SQLException {
    Map<String, UUID> lasts = new HashMap<>();
    if (keys.isEmpty()) {
      return lasts;
    }
    for (int tries = 0; lasts.size() < keys.size(); tries++) {
      if (tries == TRIES) {
        throw new SQLException("lines go faster than they can be locked", "40001");
      }
      inserts.insertLines(connection, keys);
      lasts.clear();
      lock.on(connection)
          .texts(keys)
          .each(
              row -> {
                UUID last = row.idOrNull("last_id");
                lasts.put(row.text("line_key"), last == null ? Inserts.NOBODY : last);
              });
    }
    return lasts;
  }

  /** Forgets lines in which nobody stands; returns how many. */
  int prune(Connection connection, int limit) throws SQLException {
    List<String> empty = over.on(connection).number(limit).list(row -> row.text("line_key"));
    if (!empty.isEmpty()) {
      drop.on(connection).texts(empty).update();
    }
    return empty.size();
  }
}
