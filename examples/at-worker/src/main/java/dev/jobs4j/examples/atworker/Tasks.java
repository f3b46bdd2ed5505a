package dev.jobs4j.examples.atworker;

import dev.jobs4j.api.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code scheduled_tasks}. A row names the job that looks after it and the token of that
 * job's newest attempt; what comes from any other job or attempt changes nothing. Time is the
 * database's. Thread-safe.
 */
final class Tasks {

  /** Skips what other workers are taking, and what a job looks after already. */
  private static final String LOCK_DUE =
      """
      SELECT id, task_type, payload::text, attempts, max_attempts FROM scheduled_tasks
       WHERE status = 'pending' AND job_id IS NULL AND execute_at <= now()
       ORDER BY execute_at, id LIMIT ? FOR UPDATE SKIP LOCKED
      """;

  private static final String GIVE_TO =
      """
      UPDATE scheduled_tasks
         SET status = 'processing', updated_at = now(),
             job_id = ?, job_token = 0, job_attempts = attempts
       WHERE id = ?
      """;
  private static final String REFUSE =
      """
      UPDATE scheduled_tasks SET status = 'failed', updated_at = now(), error_message = ?
       WHERE id = ?
      """;

  /** The attempts are those that failed before this one, also if nobody came to note the last. */
  private static final String BEGIN =
      """
      UPDATE scheduled_tasks
         SET status = 'processing', updated_at = now(),
             job_token = ?, attempts = job_attempts + ? - 1
       WHERE id = ? AND job_id = ? AND job_token < ? AND status IN ('pending', 'processing')
      """;

  private static final String STATUS = "SELECT status FROM scheduled_tasks WHERE id = ?";

  /** Somebody else has changed the status, which is theirs to do. */
  private static final String LET_GO =
      """
      UPDATE scheduled_tasks SET job_id = NULL, job_token = NULL, job_attempts = NULL
       WHERE id = ? AND job_id = ? AND job_token < ?
      """;

  private static final String COMPLETE =
      """
      UPDATE scheduled_tasks
         SET status = 'completed', updated_at = now(), completed_at = now(), error_message = NULL,
             job_id = NULL, job_token = NULL, job_attempts = NULL
       WHERE id = ? AND job_id = ? AND job_token = ?
      """;

  /** After the last attempt it stays in processing until the dead letter makes it failed. */
  private static final String NOTE_FAILURE =
      """
      UPDATE scheduled_tasks
         SET status = CASE WHEN ? AND job_attempts + ? < max_attempts THEN 'pending' ELSE status END,
             updated_at = now(), attempts = job_attempts + ?, error_message = ?
       WHERE id = ? AND job_id = ? AND job_token = ?
      """;

  private static final String GIVE_BACK =
      """
      UPDATE scheduled_tasks SET status = 'pending', updated_at = now()
       WHERE id = ? AND job_id = ? AND job_token = ?
      """;
  private static final String GIVE_UP =
      """
      UPDATE scheduled_tasks
         SET status = 'failed', updated_at = now(), error_message = ?,
             attempts = greatest(attempts, job_attempts + ?),
             job_id = NULL, job_token = NULL, job_attempts = NULL
       WHERE id = ? AND job_id = ?
      """;
  private static final String LOCK_STUCK =
      """
      SELECT id, job_id FROM scheduled_tasks
       WHERE (status = 'processing' OR (status = 'pending' AND job_id IS NOT NULL))
         AND updated_at < now() - make_interval(secs => ?) AND id > ?
       ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED
      """;
  private static final String RESTORE =
      """
      UPDATE scheduled_tasks
         SET status = CASE WHEN attempts + 1 < max_attempts THEN 'pending' ELSE 'failed' END,
             updated_at = now(), attempts = attempts + 1,
             error_message = 'stuck: no worker has it', job_id = NULL, job_token = NULL,
             job_attempts = NULL
       WHERE id = ? RETURNING status, attempts, max_attempts
      """;

  private final DataSource database;

  Tasks(DataSource database) {
    this.database = database;
  }

  /** A row that is due. */
  record Task(long id, String type, String payload, int attempts, int maxAttempts) {}

  /** One attempt of the job that looks after a row. */
  record Run(long task, UUID job, long token, int attempt) {}

  /** What an attempt finds. */
  enum Found {
    /** Its row, now in processing. */
    OURS,
    /** An earlier attempt came to write that it is completed, and died before its job knew. */
    COMPLETED,
    /** The row is gone, or somebody else decides about it. */
    NOT_OURS,
    /** The database does not tell. */
    UNKNOWN
  }

  /** A row that has been in somebody's hands for long. */
  record Held(long id, @Nullable JobId job) {}

  /** What was made of a stuck row. */
  record Restored(boolean failed, int attempts, int maxAttempts) {}

  /** Locks rows that are due until the end of the transaction. */
  List<Task> lockDue(Connection transaction, int limit) throws SQLException {
    List<Task> due = new ArrayList<>();
    try (PreparedStatement statement = transaction.prepareStatement(LOCK_DUE)) {
      statement.setInt(1, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          due.add(
              new Task(
                  row.getLong(1),
                  row.getString(2),
                  row.getString(3),
                  row.getInt(4),
                  row.getInt(5)));
        }
      }
    }
    return due;
  }

  /** From now on this job looks after the row. */
  void giveTo(Connection transaction, Task task, JobId job) throws SQLException {
    update(transaction, GIVE_TO, job.value(), task.id());
  }

  /** No job could ever run the row. */
  void refuse(Connection transaction, Task task, String why) throws SQLException {
    update(transaction, REFUSE, clean(why), task.id());
  }

  /** An attempt begins, unless the row is not its job's any more. */
  Found begin(Run run) throws SQLException {
    try (Connection connection = database.getConnection()) {
      if (update(connection, BEGIN, run.token, run.attempt, run.task, run.job, run.token) == 1) {
        return Found.OURS;
      }
      update(connection, LET_GO, run.task, run.job, run.token);
      return status(connection, run.task).filter("completed"::equals).isPresent()
          ? Found.COMPLETED
          : Found.NOT_OURS;
    }
  }

  private static Optional<String> status(Connection connection, long task) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STATUS)) {
      statement.setLong(1, task);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /** The attempt has done it. */
  void complete(Run run) throws SQLException {
    write(COMPLETE, run.task, run.job, run.token);
  }

  /** The attempt has failed; whether another may follow, if any are left, is {@code again}. */
  void noteFailure(Run run, boolean again, String why) throws SQLException {
    write(NOTE_FAILURE, again, run.attempt, run.attempt, clean(why), run.task, run.job, run.token);
  }

  /** The attempt was asked to end and does not count. */
  void giveBack(Run run) throws SQLException {
    write(GIVE_BACK, run.task, run.job, run.token);
  }

  /** The job was given up after so many attempts; whether the row was still its own. */
  boolean giveUp(long task, JobId job, int attempts, String why) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return giveUp(connection, task, job, attempts, why);
    }
  }

  /** The same in a transaction. */
  boolean giveUp(Connection transaction, long task, JobId job, int attempts, String why)
      throws SQLException {
    return update(transaction, GIVE_UP, clean(why), attempts, task, job.value()) == 1;
  }

  /** Locks rows, above an id, that have been in somebody's hands for {@code age}. */
  List<Held> lockStuck(Connection transaction, Duration age, long above) throws SQLException {
    List<Held> stuck = new ArrayList<>();
    try (PreparedStatement statement = transaction.prepareStatement(LOCK_STUCK)) {
      statement.setDouble(1, age.toMillis() / 1000.0);
      statement.setLong(2, above);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          UUID job = row.getObject(2, UUID.class);
          stuck.add(new Held(row.getLong(1), job == null ? null : new JobId(job)));
        }
      }
    }
    return stuck;
  }

  /** Makes a locked row pending with one attempt more, or failed if that was the last. */
  Restored restore(Connection transaction, long task) throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(RESTORE)) {
      statement.setLong(1, task);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Restored(row.getString(1).equals("failed"), row.getInt(2), row.getInt(3));
      }
    }
  }

  private int write(String sql, Object... values) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return update(connection, sql, values);
    }
  }

  private static int update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  /** PostgreSQL takes no NUL. */
  private static String clean(String text) {
    return text.replace('\0', ' ').strip();
  }
}
