package dev.jobs4j.examples.chaos.work;

import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import java.util.Locale;

/**
 * What kinds of jobs there are. The attempts are as few as the handler needs: what a fault spends
 * of them by mistake ends in a dead letter that nobody expects.
 */
public enum Kind {
  /** Does a little and succeeds. */
  PLAIN("fast", 1, JobState.SUCCEEDED),
  /** Fails twice, then succeeds. */
  FLAKY("fast", 3, JobState.SUCCEEDED),
  /** Fails until it is given up. */
  DYING("fast", 2, JobState.DEAD),
  /** Runs longer than the lease. */
  SLOW("slow", 1, JobState.SUCCEEDED),
  /** Writes to the database, guarded by its fencing token. */
  GUARDED("fast", 200, JobState.SUCCEEDED),
  /** Is followed by another, stored in the transaction that accepts its success. */
  CHAINED("fast", 1, JobState.SUCCEEDED),
  /** The one that follows. */
  NEXT("fast", 1, JobState.SUCCEEDED),
  /** Holds a unique key. */
  UNIQUE("fast", 1, JobState.SUCCEEDED),
  /** Stands in a line. */
  LINE("line", 1, JobState.SUCCEEDED),
  /** Counts against a limit. */
  LIMITED("limit", 1, JobState.SUCCEEDED);

  /** The limit that limited jobs count against, and how many of a key it lets run at once. */
  public static final String LIMIT = "chaos";

  public static final int PERMITS = 2;

  /** What the tag begins with that carries the job's own name. */
  public static final String NAME_TAG = "name:";

  private final String queue;
  private final int maxAttempts;
  private final JobState ending;
  private final JobType<Task> type;

  Kind(String queue, int maxAttempts, JobState ending) {
    this.queue = queue;
    this.maxAttempts = maxAttempts;
    this.ending = ending;
    type = JobType.of("chaos." + label(), Task.class).onQueue(queue);
  }

  /** Its name in the names of jobs. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of a job, which its name begins with. */
  public static Kind of(String job) {
    return valueOf(
        (job.endsWith(Task.NEXT) ? NEXT.label() : job.substring(0, job.indexOf('-')))
            .toUpperCase(Locale.ROOT));
  }

  String queue() {
    return queue;
  }

  JobType<Task> type() {
    return type;
  }

  /** How many attempts it is allowed. */
  public int maxAttempts() {
    return maxAttempts;
  }

  /** How every job of this kind must end. */
  public JobState ending() {
    return ending;
  }

  /** A request for one of its jobs, without an id. */
  public JobRequest<Task> request(Task task) {
    JobRequest<Task> request =
        type.request(task).maxAttempts(maxAttempts).tags(NAME_TAG + task.name());
    return switch (this) {
      case UNIQUE -> request.uniqueKey(task.group());
      case LINE -> request.fifo(task.group());
      case LIMITED -> request.limit(LIMIT, task.group());
      default -> request;
    };
  }
}
