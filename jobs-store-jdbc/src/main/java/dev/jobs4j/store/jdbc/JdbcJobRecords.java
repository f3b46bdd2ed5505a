package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.Payload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What people and tools may see; what they may do is in {@link Interventions}. */
final class JdbcJobRecords implements JobRecords {

  private static final UUID LAST = new UUID(-1, -1);

  private final Transactions transactions;
  private final Interventions interventions;
  private final String find;
  private final String result;
  private final String attempts;
  private final String deadLetters;
  private final String count;

  JdbcJobRecords(Transactions transactions, Sql sql, Interventions interventions) {
    this.transactions = transactions;
    this.interventions = interventions;
    find =
        sql.of(
            """
            SELECT j.*, a.error_class, a.error_message, a.error_stack
              FROM (
                SELECT id, type, queue, state, priority, attempt, crashes, token, run_at,
                       created_at, CAST(NULL AS timestamp with time zone) AS finished_at, tenant,
                       block_reason, suspect, cancel_requested, CAST(NULL AS varchar(30)) AS reason
                  FROM {p}job WHERE id = ?
                UNION ALL
                SELECT id, type, queue, 'DEAD', priority, attempt, crashes, token, run_at,
                       created_at, finished_at, tenant, NULL, suspect, FALSE, reason
                  FROM {p}dead WHERE id = ?
                UNION ALL
                SELECT id, type, queue, state, priority, attempt, crashes, token, run_at,
                       created_at, finished_at, tenant, NULL, suspect, FALSE, NULL
                  FROM {p}history WHERE id = ?) j
              LEFT JOIN (
                SELECT job_id, token, error_class, error_message, error_stack
                  FROM {p}attempt WHERE job_id = ? AND error_class IS NOT NULL
                UNION ALL
                SELECT id, token + 1, error_class, error_message, error_stack
                  FROM {p}dead WHERE id = ?) a
                ON a.job_id = j.id
             ORDER BY a.token DESC
             LIMIT 1
            """);
    result = sql.of("SELECT result_codec, result FROM {p}history WHERE id = ?");
    attempts =
        sql.of(
            """
            SELECT attempt, token, ended_at, error_class, error_message, error_stack
              FROM {p}attempt WHERE job_id = ? ORDER BY token
            """);
    deadLetters =
        sql.of(
            """
            SELECT id, type, queue, reason, error_class, error_message, error_stack, attempt,
                   payload, codec, finished_at, origin
              FROM {p}dead
             WHERE queue = ? AND id >= ?
             ORDER BY id
             LIMIT ?
            """);
    count =
        sql.of(
            """
            SELECT state, COUNT(*) AS jobs FROM {p}job WHERE queue = ? GROUP BY state
            UNION ALL
            SELECT 'DEAD', COUNT(*) FROM {p}dead WHERE queue = ?
            UNION ALL
            SELECT state, COUNT(*) FROM {p}history WHERE queue = ? GROUP BY state
            """);
  }

  @Override
  public Optional<Job> find(JobId id) {
    return transactions.read(
        "Finding a job",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(find)) {
            for (int i = 1; i <= 5; i++) {
              statement.setObject(i, id.value());
            }
            try (ResultSet row = statement.executeQuery()) {
              return row.next() ? Optional.of(job(row)) : Optional.empty();
            }
          }
        });
  }

  private static Job job(ResultSet row) throws SQLException {
    String reason = row.getString("reason");
    String blocked = row.getString("block_reason");
    return Job.builder(
            Rows.id(row),
            row.getString("type"),
            new JobQueue(row.getString("queue")),
            JobState.valueOf(row.getString("state")))
        .priority(Priority.ofLevel(row.getInt("priority")))
        .counts(row.getInt("attempt"), row.getInt("crashes"), row.getLong("token"))
        .times(
            Rows.instant(row, "run_at"),
            Rows.instant(row, "created_at"),
            row.getObject("finished_at") == null ? null : Rows.instant(row, "finished_at"))
        .tenant(row.getString("tenant"))
        .blockReason(blocked == null ? null : BlockReason.valueOf(blocked))
        .flags(row.getBoolean("suspect"), row.getBoolean("cancel_requested"))
        .failure(reason == null ? null : DeadReason.valueOf(reason), failure(row))
        .build();
  }

  private static @Nullable Failure failure(ResultSet row) throws SQLException {
    String errorClass = row.getString("error_class");
    return errorClass == null
        ? null
        : new Failure(errorClass, row.getString("error_message"), row.getString("error_stack"));
  }

  @Override
  public Cancellation cancel(JobId id) {
    return interventions.cancel(id);
  }

  @Override
  public boolean requeue(JobId id) {
    return interventions.requeue(id);
  }

  @Override
  public boolean delete(JobId id) {
    return interventions.delete(id);
  }

  @Override
  public Optional<Payload> result(JobId id) {
    return transactions.read(
        "Reading a result",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(result)) {
            statement.setObject(1, id.value());
            try (ResultSet row = statement.executeQuery()) {
              return row.next() && row.getString("result_codec") != null
                  ? Optional.of(new Payload(row.getString("result_codec"), row.getBytes("result")))
                  : Optional.empty();
            }
          }
        });
  }

  @Override
  public List<AttemptRecord> attempts(JobId id) {
    return transactions.read(
        "Reading attempts",
        connection -> {
          List<AttemptRecord> found = new ArrayList<>();
          try (PreparedStatement statement = connection.prepareStatement(attempts)) {
            statement.setObject(1, id.value());
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                found.add(
                    new AttemptRecord(
                        row.getInt("attempt"),
                        row.getLong("token"),
                        Rows.instant(row, "ended_at"),
                        failure(row)));
              }
            }
          }
          return found;
        });
  }

  @Override
  public List<DeadLetter> deadLetters(JobQueue queue, @Nullable JobId after, int limit) {
    if (after != null && after.value().equals(LAST)) {
      return List.of();
    }
    return transactions.read(
        "Reading dead letters",
        connection -> {
          List<DeadLetter> letters = new ArrayList<>();
          try (PreparedStatement statement = connection.prepareStatement(deadLetters)) {
            statement.setString(1, queue.name());
            statement.setObject(2, after == null ? new UUID(0, 0) : next(after.value()));
            statement.setInt(3, limit);
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                letters.add(letter(row));
              }
            }
          }
          return letters;
        });
  }

  /** The id behind this one, so that the index alone finds the page. */
  private static UUID next(UUID id) {
    long low = id.getLeastSignificantBits() + 1;
    return new UUID(id.getMostSignificantBits() + (low == 0 ? 1 : 0), low);
  }

  private static DeadLetter letter(ResultSet row) throws SQLException {
    return new DeadLetter(
        Rows.id(row),
        row.getString("type"),
        new JobQueue(row.getString("queue")),
        DeadReason.valueOf(row.getString("reason")),
        new Failure(
            row.getString("error_class"),
            row.getString("error_message"),
            row.getString("error_stack")),
        row.getInt("attempt"),
        row.getBytes("payload"),
        row.getString("codec"),
        Rows.instant(row, "finished_at"),
        row.getString("origin"));
  }

  @Override
  public Map<JobState, Long> count(JobQueue queue) {
    return transactions.read("Counting jobs", connection -> count(connection, queue));
  }

  private Map<JobState, Long> count(Connection connection, JobQueue queue) throws SQLException {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    try (PreparedStatement statement = connection.prepareStatement(count)) {
      for (int i = 1; i <= 3; i++) {
        statement.setString(i, queue.name());
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (row.getLong("jobs") > 0) {
            counts.put(JobState.valueOf(row.getString("state")), row.getLong("jobs"));
          }
        }
      }
    }
    return counts;
  }
}
