package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ArchivedJob;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.Payload;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps elsewhere what is about to be deleted and is locked for it: in the archive tables, in the
 * same transaction, and with whoever else takes it over. Those come last, so that as little as can
 * be may still fail once they have it.
 */
final class Archiving {

  private final boolean tables;
  private final Command copyHistory;
  private final Command copyDead;
  private final Command copyAttempts;
  private final Command readHistory;
  private final Command readDead;
  private final Command readAttempts;

  Archiving(Sql sql, boolean tables) {
    this.tables = tables;
    String into =
        """
        INSERT INTO {p}archive (archived_at, id, token, state, queue, type, type_version, priority,
            run_at, created_at, finished_at, attempt, max_attempts, crashes, suspect, unique_key,
            tenant, origin, line_key, line_skip, limits, tags, headers, codec, payload,
            result_codec, result, reason,
            error_class, error_message, error_stack, fingerprint)
        """;
    copyHistory =
        sql.command(
            into
                + """
                SELECT {now}, id, token, state, queue, type, type_version, priority, run_at,
                       created_at, finished_at, attempt, max_attempts, crashes, suspect, unique_key,
                       tenant, origin, line_key, line_skip, limits, tags, headers, codec, payload,
                       result_codec, result, NULL,
                       NULL, NULL, NULL, NULL
                  FROM {p}history {use PRIMARY} WHERE id = ANY (?)
                """);
    copyDead =
        sql.command(
            into
                + """
                SELECT {now}, id, token, 'DEAD', queue, type, type_version, priority, run_at,
                       created_at, finished_at, attempt, max_attempts, crashes, suspect, unique_key,
                       tenant, origin, line_key, line_skip, limits, tags, headers, codec, payload,
                       NULL, NULL, reason,
                       error_class, error_message, error_stack, fingerprint
                  FROM {p}dead {use PRIMARY} WHERE id = ANY (?)
                """);
    copyAttempts =
        sql.command(
            """
            INSERT INTO {p}archive_attempt (job_id, token, attempt, ended_at, error_class,
                error_message, error_stack)
            SELECT job_id, token, attempt, ended_at, error_class, error_message, error_stack
              FROM {p}attempt {use PRIMARY} WHERE job_id = ANY (?)
            """);
    readHistory =
        sql.command(
            """
            SELECT {now} AS archived_at, id, token, state, queue, type, type_version, priority,
                   run_at, created_at, finished_at, attempt, crashes, suspect, tenant, origin, tags,
                   headers, line_key, line_skip, limits, codec, payload, result_codec, result
              FROM {p}history {use PRIMARY} WHERE id = ANY (?) ORDER BY id
            """);
    readDead =
        sql.command(
            """
            SELECT {now} AS archived_at, id, token, queue, type, type_version, priority, run_at,
                   created_at, finished_at, attempt, crashes, suspect, tenant, origin, tags,
                   headers, line_key, line_skip, limits, codec, payload, reason, error_class,
                   error_message, error_stack
              FROM {p}dead {use PRIMARY} WHERE id = ANY (?) ORDER BY id
            """);
    readAttempts =
        sql.command(
            """
            SELECT job_id, attempt, token, ended_at, error_class, error_message, error_stack
              FROM {p}attempt {use PRIMARY} WHERE job_id = ANY (?) ORDER BY job_id, token
            """);
  }

  /** Succeeded and cancelled jobs. */
  void ofHistory(Connection connection, Set<UUID> jobs, @Nullable JobArchive archive)
      throws SQLException {
    if (tables) {
      copyHistory.on(connection).ids(jobs).update();
      copyAttempts.on(connection).ids(jobs).update();
    }
    if (archive != null) {
      Map<UUID, List<AttemptRecord>> attempts = attempts(connection, jobs);
      archive.keep(
          readHistory
              .on(connection)
              .ids(jobs)
              .list(row -> ofHistory(row, attemptsOf(row, attempts))));
    }
  }

  /** Dead letters. */
  void ofDead(Connection connection, Set<UUID> jobs, @Nullable JobArchive archive)
      throws SQLException {
    if (tables) {
      copyDead.on(connection).ids(jobs).update();
      copyAttempts.on(connection).ids(jobs).update();
    }
    if (archive != null) {
      Map<UUID, List<AttemptRecord>> attempts = attempts(connection, jobs);
      archive.keep(
          readDead.on(connection).ids(jobs).list(row -> ofDead(row, attemptsOf(row, attempts))));
    }
  }

  private Map<UUID, List<AttemptRecord>> attempts(Connection connection, Set<UUID> jobs)
      throws SQLException {
    Map<UUID, List<AttemptRecord>> attempts = new HashMap<>();
    readAttempts
        .on(connection)
        .ids(jobs)
        .each(
            row ->
                attempts
                    .computeIfAbsent(row.id("job_id"), job -> new ArrayList<>())
                    .add(
                        new AttemptRecord(
                            row.integer("attempt"),
                            row.number("token"),
                            row.instant("ended_at"),
                            failure(row))));
    return attempts;
  }

  private static List<AttemptRecord> attemptsOf(Row row, Map<UUID, List<AttemptRecord>> attempts)
      throws SQLException {
    return attempts.getOrDefault(row.id("id"), List.of());
  }

  private static ArchivedJob ofHistory(Row row, List<AttemptRecord> attempts) throws SQLException {
    Failure last = null;
    for (AttemptRecord attempt : attempts) {
      last = attempt.failure().orElse(last);
    }
    Job job = job(row, JobState.valueOf(row.text("state"))).failure(null, last).build();
    String codec = row.textOrNull("result_codec");
    Payload result = codec == null ? null : new Payload(codec, row.bytes("result"));
    return archived(row, job, result, attempts);
  }

  private static ArchivedJob ofDead(Row row, List<AttemptRecord> attempts) throws SQLException {
    DeadReason reason = DeadReason.valueOf(row.text("reason"));
    Job job = job(row, JobState.DEAD).failure(reason, failure(row)).build();
    return archived(row, job, null, attempts);
  }

  private static Job.Builder job(Row row, JobState state) throws SQLException {
    return Job.builder(
            new JobId(row.id("id")), row.text("type"), new JobQueue(row.text("queue")), state)
        .priority(Priority.ofLevel(row.integer("priority")))
        .counts(row.integer("attempt"), row.integer("crashes"), row.number("token"))
        .times(row.instant("run_at"), row.instant("created_at"), row.instant("finished_at"))
        .tenant(row.textOrNull("tenant"))
        .typeVersion(row.integer("type_version"))
        .fifo(row.fifo())
        .limits(LimitKeys.read(row.textOrNull("limits")))
        .tags(Tags.read(row.textOrNull("tags")))
        .flags(row.flag("suspect"), false);
  }

  private static ArchivedJob archived(
      Row row, Job job, @Nullable Payload result, List<AttemptRecord> attempts)
      throws SQLException {
    return new ArchivedJob(
        job,
        new Payload(row.text("codec"), row.bytes("payload")),
        Headers.read(row.textOrNull("headers")),
        result,
        attempts,
        row.textOrNull("origin"),
        row.instant("archived_at"));
  }

  private static @Nullable Failure failure(Row row) throws SQLException {
    String errorClass = row.textOrNull("error_class");
    return errorClass == null
        ? null
        : new Failure(errorClass, row.text("error_message"), row.text("error_stack"));
  }
}
