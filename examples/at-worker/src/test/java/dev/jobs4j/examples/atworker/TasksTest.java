package dev.jobs4j.examples.atworker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.examples.atworker.Tasks.Found;
import dev.jobs4j.examples.atworker.Tasks.Run;
import dev.jobs4j.examples.atworker.Tasks.Task;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may change a row, and when. */
class TasksTest {

  private static TaskTable table;
  private static Tasks tasks;
  private final UUID job = UUID.randomUUID();

  @BeforeAll
  static void create() throws Exception {
    table = TaskTable.create("tasks");
    tasks = new Tasks(table.source());
  }

  @BeforeEach
  void empty() throws SQLException {
    table.execute("TRUNCATE scheduled_tasks");
  }

  private long given() throws SQLException {
    return given(3);
  }

  /** A row that {@link #job} looks after. */
  private long given(int maxAttempts) throws SQLException {
    long id = table.insert("http_callback", "{}", maxAttempts);
    try (Connection connection = table.source().getConnection()) {
      tasks.giveTo(connection, new Task(id, "http_callback", "{}", 0, 3), new JobId(job));
    }
    return id;
  }

  private Run run(long id, long token, int attempt) {
    return new Run(id, job, token, attempt);
  }

  private void olden(long id) throws SQLException {
    table.execute(
        "UPDATE scheduled_tasks SET updated_at = now() - interval '10 minutes' WHERE id = " + id);
  }

  @Test
  void twoWorkersNeverTakeTheSameRow() throws Exception {
    for (int i = 0; i < 5; i++) {
      table.insert("email", "{}", 3);
    }
    try (Connection first = table.source().getConnection();
        Connection second = table.source().getConnection()) {
      first.setAutoCommit(false);
      second.setAutoCommit(false);
      List<Task> ofFirst = tasks.lockDue(first, 3);
      List<Task> ofSecond = tasks.lockDue(second, 3);
      assertThat(ofFirst).hasSize(3);
      assertThat(ofSecond).hasSize(2).doesNotContainAnyElementsOf(ofFirst);
      first.rollback();
      second.rollback();
    }
  }

  @Test
  void anAttemptThatLostItsLeaseChangesNothing() throws Exception {
    long id = given();
    assertThat(tasks.begin(run(id, 1, 1))).isEqualTo(Found.OURS);
    assertThat(tasks.begin(run(id, 2, 1))).isEqualTo(Found.OURS);
    tasks.complete(run(id, 1, 1));
    tasks.noteFailure(run(id, 1, 1), true, "late");
    tasks.giveBack(run(id, 1, 1));
    assertThat(tasks.begin(run(id, 1, 1))).isEqualTo(Found.NOT_OURS);
    assertThat(table.row(id))
        .containsEntry("status", "processing")
        .containsEntry("error_message", "null")
        .containsEntry("job_id", job.toString());
    tasks.complete(run(id, 2, 1));
    assertThat(table.status(id)).isEqualTo("completed");
  }

  @Test
  void whatWasCompletedBeforeItsJobKnewIsNotDoneAgain() throws Exception {
    long id = given();
    tasks.begin(run(id, 1, 1));
    tasks.complete(run(id, 1, 1)); // here the process dies
    assertThat(tasks.begin(run(id, 2, 1))).isEqualTo(Found.COMPLETED);
    assertThat(table.status(id)).isEqualTo("completed");
  }

  @Test
  void aFailureThatIsNotedTwiceCountsOnce() throws Exception {
    long id = given();
    tasks.begin(run(id, 1, 1));
    tasks.noteFailure(run(id, 1, 1), true, "first"); // here the process dies
    assertThat(table.row(id)).containsEntry("attempts", "1").containsEntry("status", "pending");
    tasks.begin(run(id, 2, 1));
    assertThat(table.row(id)).containsEntry("attempts", "0").containsEntry("status", "processing");
    tasks.noteFailure(run(id, 2, 1), true, "first");
    assertThat(table.row(id)).containsEntry("attempts", "1");
    tasks.begin(run(id, 3, 3)); // nobody came to note the second
    assertThat(table.row(id)).containsEntry("attempts", "2");
  }

  @Test
  void aRowWaitsInPendingUnlessNoAttemptIsLeft() throws Exception {
    long id = given(2);
    tasks.begin(run(id, 1, 1));
    tasks.noteFailure(run(id, 1, 1), true, "first");
    assertThat(table.status(id)).isEqualTo("pending");
    try (Connection connection = table.source().getConnection()) {
      assertThat(tasks.lockDue(connection, 10)).as("its job has it").isEmpty();
    }
    tasks.begin(run(id, 2, 2));
    tasks.noteFailure(run(id, 2, 2), true, "second");
    assertThat(table.status(id)).isEqualTo("processing");
    assertThat(tasks.giveUp(id, new JobId(job), 2, "second")).isTrue();
    assertThat(table.row(id))
        .containsEntry("status", "failed")
        .containsEntry("attempts", "2")
        .containsEntry("error_message", "second")
        .containsEntry("job_id", "null");
    assertThat(tasks.giveUp(id, new JobId(job), 2, "again")).isFalse();
  }

  @Test
  void whatSomebodyDecidedByHandStays() throws Exception {
    long id = given();
    table.execute("UPDATE scheduled_tasks SET status = 'failed' WHERE id = " + id);
    assertThat(tasks.begin(run(id, 1, 1))).isEqualTo(Found.NOT_OURS);
    assertThat(table.row(id)).containsEntry("status", "failed").containsEntry("job_id", "null");
    table.execute("DELETE FROM scheduled_tasks WHERE id = " + id);
    assertThat(tasks.begin(run(id, 2, 1))).isEqualTo(Found.NOT_OURS);
  }

  private Cleaner cleaner(JobState... state) {
    return new Cleaner(
        table.source(),
        tasks,
        Duration.ofMinutes(5),
        id -> {
          if (state.length == 0) {
            return Optional.empty();
          }
          Instant any = Instant.EPOCH;
          return Optional.of(
              Job.builder(id, "http_callback", JobQueue.DEFAULT, state[0])
                  .times(any, any, null)
                  .counts(3, 0, 1)
                  .build());
        });
  }

  @Test
  void aStuckRowIsRestoredUntilItsAttemptsAreExhausted() throws Exception {
    long id = table.insert("email", "{}", 2);
    String taken = "UPDATE scheduled_tasks SET status = 'processing' WHERE id = " + id;
    table.execute(taken);
    cleaner().clean();
    assertThat(table.status(id)).as("not for long").isEqualTo("processing");
    olden(id);
    cleaner().clean();
    assertThat(table.row(id)).containsEntry("status", "pending").containsEntry("attempts", "1");
    table.execute(taken);
    olden(id);
    cleaner().clean();
    assertThat(table.row(id)).containsEntry("status", "failed").containsEntry("attempts", "2");
    assertThat(table.row(id).get("error_message")).contains("stuck");
  }

  @Test
  void aRowWhoseJobLivesIsLeftAloneHoweverLongItTakes() throws Exception {
    long id = given();
    olden(id);
    cleaner(JobState.RUNNING).clean();
    cleaner(JobState.PENDING).clean();
    assertThat(table.row(id))
        .containsEntry("status", "processing")
        .containsEntry("job_id", job.toString());
  }

  @Test
  void aRowWhoseJobIsGoneIsRestored() throws Exception {
    long id = given();
    tasks.begin(run(id, 1, 1));
    tasks.noteFailure(run(id, 1, 1), true, "waits for its second attempt");
    olden(id);
    cleaner().clean();
    assertThat(table.row(id))
        .containsEntry("status", "pending")
        .containsEntry("attempts", "2")
        .containsEntry("job_id", "null");
  }

  @Test
  void aRowWhoseJobWasCalledOffIsFailed() throws Exception {
    long id = given();
    olden(id);
    cleaner(JobState.CANCELLED).clean();
    assertThat(table.row(id))
        .containsEntry("status", "failed")
        .containsEntry("error_message", "called off")
        .containsEntry("attempts", "3");
  }

  @Test
  void moreStuckRowsThanABatchAreCleanedInOneRound() throws Exception {
    table.execute(
        "INSERT INTO scheduled_tasks (task_type, payload, status, updated_at)"
            + " SELECT 'email', '{}', 'processing', now() - interval '1 hour'"
            + " FROM generate_series(1, 250)");
    cleaner().clean();
    List<Map<String, String>> statuses =
        table.rows("SELECT status, count(*) FROM scheduled_tasks GROUP BY 1");
    assertThat(statuses).containsExactly(Map.of("status", "pending", "count", "250"));
  }
}
