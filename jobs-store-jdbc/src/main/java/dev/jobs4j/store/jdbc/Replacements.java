package dev.jobs4j.store.jdbc;

import static java.util.Objects.requireNonNull;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.api.UniqueKey.OnConflict;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.store.jdbc.RowInserts.NewKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Puts a new content into the job that holds a unique key, if it waits. The row is locked first, so
 * that neither a claim nor a settlement can come between the look and the write.
 */
final class Replacements {

  /** What a look under the lock has shown. */
  enum Holder {
    /** It waits: it has the new content now. */
    REPLACED,
    /** It runs on without the key: the new job has it. */
    FOLLOWED,
    /** It is not among the live jobs, or no longer has the key. */
    GONE
  }

  private final UniqueKeys keys;
  private final Command lock;
  private final Command replace;
  private final Command forgetNotes;
  private final Command dueIn;
  private final Command dueAt;
  private final Command expiresIn;
  private final Command expiresAt;

  Replacements(Sql sql, UniqueKeys keys) {
    this.keys = keys;
    lock = sql.command("SELECT state FROM {p}job WHERE id = ? FOR UPDATE");
    replace =
        sql.command(
            """
            UPDATE {p}job
               SET attempt = 0, crashes = 0, max_attempts = ?, type_version = ?, priority = ?,
                   queue = ?, type = ?, unique_key = ?, tenant = ?, tags = ?, limits = ?, headers = ?,
                   codec = ?, payload = ?, expires_at = NULL, blocked_on = NULL,
                   block_reason = CASE WHEN block_reason = 'LIMIT' THEN NULL ELSE block_reason END
             WHERE id = ?
            """);
    forgetNotes = sql.command("DELETE FROM {p}note WHERE job_id = ?");
    dueIn = sql.command("UPDATE {p}job SET run_at = {now+?} WHERE id = ?");
    dueAt = sql.command("UPDATE {p}job SET run_at = ? WHERE id = ?");
    expiresIn = sql.command("UPDATE {p}job SET expires_at = {now+?} WHERE id = ?");
    expiresAt = sql.command("UPDATE {p}job SET expires_at = ? WHERE id = ?");
  }

  /** Looks at the holder of the job's key; replaces its content if it waits, else takes the key. */
  Holder replace(Connection connection, UUID holder, NewJob with) throws SQLException {
    UniqueKey key = requireNonNull(with.uniqueKey());
    String state = lock(connection, holder);
    if (state == null) {
      return Holder.GONE;
    }
    boolean waits = state.equals("PENDING");
    UUID next = waits ? holder : with.id().value();
    NewKey taken = new NewKey(key.value(), next, Micros.of(key.window()));
    if (!keys.takeOver(connection, taken, holder)) {
      return Holder.GONE; // another one has taken it over meanwhile
    }
    if (!waits) {
      return Holder.FOLLOWED;
    }
    write(connection, holder, with);
    forgetNotes.on(connection).id(holder).update(); // they are about the former content
    if (key.onConflict() == OnConflict.DEBOUNCE) {
      time(connection, holder, with.due(), dueIn, dueAt);
    }
    Due expires = with.expires();
    if (expires != null) {
      time(connection, holder, expires, expiresIn, expiresAt);
    }
    return Holder.REPLACED;
  }

  private @Nullable String lock(Connection connection, UUID job) throws SQLException {
    return lock.on(connection).id(job).first(row -> row.text("state")).orElse(null);
  }

  private void write(Connection connection, UUID job, NewJob with) throws SQLException {
    UniqueKey key = with.uniqueKey();
    replace
        .on(connection)
        .integer(with.maxAttempts())
        .number(with.typeVersion())
        .number(with.priority().level())
        .text(with.queue().name())
        .text(with.type())
        .text(key == null ? null : key.value())
        .text(with.tenant())
        .text(Tags.write(with.tags()))
        .text(LimitKeys.write(with.limits()))
        .text(Headers.write(with.headers()))
        .text(with.payload().codec())
        .bytes(with.payload().bytes())
        .id(job)
        .update();
  }

  private static void time(Connection connection, UUID job, Due due, Command in, Command at)
      throws SQLException {
    if (due instanceof Due.In delay) {
      in.on(connection).number(Micros.of(delay.delay())).id(job).update();
    } else {
      at.on(connection).time(Micros.of(((Due.At) due).instant())).id(job).update();
    }
  }
}
