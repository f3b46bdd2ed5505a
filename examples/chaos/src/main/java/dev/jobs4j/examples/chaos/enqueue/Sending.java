package dev.jobs4j.examples.chaos.enqueue;

import dev.jobs4j.api.EnqueueOutcomeUnknownException;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.examples.chaos.ledger.Entry;
import dev.jobs4j.examples.chaos.ledger.Ledger;
import dev.jobs4j.examples.chaos.ledger.What;
import dev.jobs4j.examples.chaos.work.Kind;
import dev.jobs4j.examples.chaos.work.Task;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The ways to enqueue. Each swears before it asks, and then what it was told. */
final class Sending {

  private static final int REPEATS = 200;
  private static final long REST_MILLIS = 50;

  private final JobClient jobs;
  private final DataSource database;
  private final Ledger ledger;

  Sending(JobClient jobs, DataSource database, Ledger ledger) {
    this.jobs = jobs;
    this.database = database;
    this.ledger = ledger;
  }

  /** All in one call, under ids of the library's or the caller's own. */
  void once(List<Task> tasks, boolean ownIds) {
    announce(tasks);
    try {
      acknowledge(tasks, jobs.enqueueAll(requests(tasks, ownIds)));
    } catch (EnqueueOutcomeUnknownException e) {
      swear(What.ENQ_UNKNOWN, tasks, reason(e));
    } catch (JobException e) {
      swear(What.ENQ_ERR, tasks, reason(e));
    }
  }

  /** Under own ids, again and again until it is known to be there. */
  void surely(Task task) throws InterruptedException {
    List<Task> tasks = List.of(task);
    announce(tasks);
    boolean unknown = false;
    for (int i = 0; i < REPEATS; i++) {
      try {
        acknowledge(tasks, jobs.enqueueAll(requests(tasks, true)));
        return;
      } catch (EnqueueOutcomeUnknownException e) {
        unknown = true;
      } catch (JobException e) {
        Thread.sleep(REST_MILLIS); // this try did nothing; one before it may have
      }
    }
    swear(unknown ? What.ENQ_UNKNOWN : What.ENQ_ERR, tasks, "gave up");
  }

  /** In a transaction of the caller, which commits or rolls back. */
  void inTransaction(List<Task> tasks, boolean commit) {
    announce(tasks);
    boolean asked = false;
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        JobClient joined = jobs.in(JdbcJobStore.transaction(connection));
        List<Enqueued> answers = joined.enqueueAll(requests(tasks, false));
        if (commit) {
          asked = true;
          connection.commit();
          acknowledge(tasks, answers);
          return;
        }
      } finally {
        if (!asked) {
          connection.rollback();
        }
      }
      swear(What.ENQ_ERR, tasks, "rolled back");
    } catch (SQLException | JobException e) {
      swear(asked ? What.ENQ_UNKNOWN : What.ENQ_ERR, tasks, reason(e));
    }
  }

  private static List<JobRequest<?>> requests(List<Task> tasks, boolean ownIds) {
    List<JobRequest<?>> requests = new ArrayList<>();
    for (Task task : tasks) {
      JobRequest<Task> request = Kind.of(task.name()).request(task);
      requests.add(ownIds ? request.id(Names.id(task)) : request);
    }
    return requests;
  }

  /** One that met another under its unique key was not stored. */
  private void acknowledge(List<Task> tasks, List<Enqueued> answers) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      Task task = tasks.get(i);
      Enqueued answer = answers.get(i);
      boolean stored = answer instanceof Enqueued.Created || answer.id().equals(Names.id(task));
      entries.add(
          ledger.entry(
              stored ? What.ENQ_ACK : What.ENQ_ERR,
              task.name(),
              0,
              (stored ? "" : "another holds its key: ") + answer.id()));
    }
    ledger.append(entries);
  }

  private void announce(List<Task> tasks) {
    ledger.append(
        tasks.stream()
            .map(task -> ledger.entry(What.ENQ_TRY, task.name(), 0, task.group()))
            .toList());
  }

  private void swear(What what, List<Task> tasks, String detail) {
    ledger.append(tasks.stream().map(task -> ledger.entry(what, task.name(), 0, detail)).toList());
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getMessage()).replace('\n', ' ');
  }
}
