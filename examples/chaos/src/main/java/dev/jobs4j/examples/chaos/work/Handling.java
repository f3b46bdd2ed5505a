package dev.jobs4j.examples.chaos.work;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.examples.chaos.ledger.Ledger;
import dev.jobs4j.examples.chaos.ledger.What;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Runs the jobs of all kinds, and swears to each step before the next. */
final class Handling {

  /** The answer of a handler: it ended well, ended badly, or was told to end. */
  static final String OK = "OK";

  static final String FAILED = "FAILED";
  static final String INTERRUPTED = "INTERRUPTED";

  private static final long SLOW_MILLIS = 6_500;
  private static final int QUICK_MILLIS = 80;

  private final Ledger ledger;
  private final Answers answers;
  private final DataSource database;

  Handling(Ledger ledger, Answers answers, DataSource database) {
    this.ledger = ledger;
    this.answers = answers;
    this.database = database;
  }

  Object run(Kind kind, Task task, JobContext context) throws Exception {
    long token = context.fencingToken().orElseThrow();
    ledger.append(What.START, task.name(), token, "attempt=" + context.attempt());
    answers.started(context.jobId(), context.attempt(), task.name(), token);
    String ending = FAILED;
    try {
      work(kind, task, context, token);
      ending = OK;
      JobOutcome.Done done = JobOutcome.done(Long.toString(token));
      return kind == Kind.CHAINED ? done.follow(Kind.NEXT.request(task.next())) : done;
    } finally {
      if (!ending.equals(OK) && context.isCancelled()) {
        ending = INTERRUPTED;
      }
      answers.ended(context.jobId(), token, ending);
      ledger.append(What.END, task.name(), token, ending);
    }
  }

  private void work(Kind kind, Task task, JobContext context, long token) throws Exception {
    Thread.sleep(
        kind == Kind.SLOW ? SLOW_MILLIS : Math.floorMod(task.name().hashCode(), QUICK_MILLIS));
    if (kind == Kind.GUARDED) {
      write(task.name(), token);
    }
    ledger.append(What.EFFECT, task.name(), token, "");
    if (kind == Kind.DYING || (kind == Kind.FLAKY && context.attempt() < kind.maxAttempts())) {
      throw new IOException("as it should");
    }
  }

  /** A writer whose lease was lost meanwhile has a lower token than its successor. */
  private void write(String name, long token) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                INSERT INTO chaos_effect AS e (name, token) VALUES (?, ?)
                    ON CONFLICT (name) DO UPDATE
                   SET token = excluded.token, writes = e.writes + 1
                 WHERE e.token < excluded.token
                """)) {
      statement.setString(1, name);
      statement.setLong(2, token);
      statement.executeUpdate();
    }
  }
}
