package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.NewJob;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stop 2: decides which of the jobs are new, and stores those. The order closes the races: parents
 * are locked before anything is written, so a refusal leaves nothing behind; keys are taken before
 * rows are written; and an id that may have been used is looked for in the other areas once more
 * after its row is in, because only then can no settlement move it past the look.
 */
final class Inserts {

  /** Before every id. */
  static final UUID NOBODY = new UUID(0, 0);

  static final int CHUNK_ROWS = 1_000;
  static final int CHUNK_BYTES = 16 * 1024 * 1024;

  private final int maxPayload;
  private final Notices notices;
  final RowInserts rows;
  final UniqueKeys keys;
  final Waiting waiting;
  final Lines lines;
  final Replacements replacements;
  final Command known;
  final Command ended;
  final Command undo;

  Inserts(
      Sql sql, RowInserts rows, UniqueKeys keys, Waiting waiting, Lines lines, Notices notices) {
    this.notices = notices;
    this.lines = lines;
    this.rows = rows;
    this.keys = keys;
    this.waiting = waiting;
    maxPayload = sql.maxPayload();
    replacements = new Replacements(sql, keys);
    known =
        sql.command(
            """
            SELECT id FROM {p}job WHERE id = ANY (?)
            UNION ALL SELECT id FROM {p}dead WHERE id = ANY (?)
            UNION ALL SELECT id FROM {p}history WHERE id = ANY (?)
            """);
    ended =
        sql.command(
            """
            SELECT id FROM {p}dead WHERE id = ANY (?)
            UNION ALL SELECT id FROM {p}history WHERE id = ANY (?)
            """);
    undo = sql.command("DELETE FROM {p}job WHERE id = ANY (?)");
  }

  /** Whether one statement stores them all, so that it needs no transaction around it. */
  boolean isOneStatement(List<NewJob> jobs) {
    return jobs.size() <= CHUNK_ROWS
        && rows.isOneStatement(jobs.size())
        && jobs.stream().allMatch(job -> isPlain(job))
        && bytes(jobs) <= CHUNK_BYTES;
  }

  private static boolean isPlain(NewJob job) {
    return !job.mayExist()
        && job.uniqueKey() == null
        && job.parents().isEmpty()
        && job.fifo() == null;
  }

  private static long bytes(List<NewJob> jobs) {
    return jobs.stream().mapToLong(job -> job.payload().bytes().length).sum();
  }

  /** Refuses what no column can hold, before anything is sent. */
  void check(List<NewJob> jobs) {
    for (NewJob job : jobs) {
      UniqueKey key = job.uniqueKey();
      requireText("uniqueKey", key == null ? null : key.value(), 200);
      Fifo fifo = job.fifo();
      requireText("fifo key", fifo == null ? null : fifo.key(), Fifo.MAX_KEY);
      requireText("tenant", job.tenant(), 120);
      requireText("tags", Tags.write(job.tags()), 1_300);
      requireText("limits", LimitKeys.write(job.limits()), 1_500);
      requireText("type", job.type(), 120);
      requireText("payload codec", job.payload().codec(), 20);
      if (job.payload().bytes().length > maxPayload) {
        throw new InvalidJobException(
            "payload has "
                + job.payload().bytes().length
                + " bytes, the database takes at most "
                + maxPayload
                + ": job="
                + job.id());
      }
      if (job.parents().containsKey(job.id())) {
        throw new InvalidJobException("after names the job itself: " + job.id());
      }
    }
  }

  private static void requireText(String what, @Nullable String text, int length) {
    if (text != null
        && (text.length() > length
            || text.indexOf('\0') >= 0
            || !StandardCharsets.UTF_8.newEncoder().canEncode(text))) {
      throw new InvalidJobException(
          what + " must have at most " + length + " characters, no NUL and no half of a pair");
    }
  }

  /** Stores jobs in the transaction of this connection; the answers are in their order. */
  List<Enqueued> insert(Connection connection, List<NewJob> jobs) throws SQLException {
    return insert(connection, jobs, Map.of());
  }

  /** The same, and takes jobs that have ended in this transaction out of their lines. */
  List<Enqueued> insert(Connection connection, List<NewJob> jobs, Map<UUID, String> leaving)
      throws SQLException {
    if (jobs.isEmpty()) {
      lines.change(connection, List.of(), leaving);
      return List.of();
    }
    List<Enqueued> answers = new InsertBatch(this, connection, jobs).insert(leaving);
    notices.stored(connection, jobs);
    return answers;
  }
}
