package dev.jobs4j.examples.atworker;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobInterceptor;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.examples.atworker.Tasks.Found;
import dev.jobs4j.examples.atworker.Tasks.Run;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a row as its job is. A success is written to the row before the job ends: if the process
 * dies in between, the next attempt finds it and does nothing again. That a job was given up is
 * written by a run of its own, which the library stores together with the dead letter, so no row
 * stays behind. What is written in between (attempts, error) is mended by the next attempt.
 * Thread-safe.
 */
final class TaskRuns implements JobInterceptor {

  private static final Logger log = LoggerFactory.getLogger(TaskRuns.class);
  private static final String TAG = "task:";
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /**
   * An attempt that was asked to end this close to its limit, or after, was asked because of it.
   */
  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final Tasks tasks;
  private final Duration timeout;
  private final LongSupplier nanos;
  private final AtomicInteger running = new AtomicInteger();

  /**
   * Around handlers with this timeout.
   *
   * @param nanos measures time, as {@code System::nanoTime}
   */
  TaskRuns(Tasks tasks, Duration timeout, LongSupplier nanos) {
    this.tasks = tasks;
    this.timeout = timeout;
    this.nanos = nanos;
  }

  /** The word by which a job tells its row. */
  static String tag(long task) {
    return TAG + task;
  }

  private static Optional<Long> task(Collection<String> tags) {
    return tags.stream()
        .filter(tag -> tag.startsWith(TAG))
        .map(tag -> Long.valueOf(tag.substring(TAG.length())))
        .findFirst();
  }

  /** How many run here at the moment. */
  int running() {
    return running.get();
  }

  @Override
  public @Nullable Object around(JobContext context, Invocation next) throws Exception {
    Optional<Long> task = task(context.tags());
    if (task.isEmpty() || !TaskType.isOne(context.type())) {
      return next.proceed(); // the cleaner, or the run that looks after a dead letter
    }
    long token = context.fencingToken().orElseThrow();
    Run run = new Run(task.get(), context.jobId().value(), token, context.attempt());
    running.incrementAndGet();
    try {
      return switch (begin(run)) {
        case OURS -> run(run, context, next);
        case COMPLETED -> JobOutcome.done();
        case NOT_OURS -> JobOutcome.cancel();
        case UNKNOWN -> JobOutcome.snooze(PAUSE);
      };
    } finally {
      running.decrementAndGet();
    }
  }

  private Found begin(Run run) {
    try {
      return tasks.begin(run);
    } catch (SQLException e) {
      log.warn("[Executor] Task {} waits for the database: {}", run.task(), e.getMessage());
      return Found.UNKNOWN;
    }
  }

  private @Nullable Object run(Run run, JobContext context, Invocation next) throws Exception {
    long since = nanos.getAsLong();
    Object result;
    try {
      result = next.proceed();
    } catch (Throwable e) { // whatever a handler throws is the end of its attempt
      Duration took = Duration.ofNanos(nanos.getAsLong() - since);
      noteEnd(run, context, took, e);
      throw e;
    }
    if (result instanceof JobOutcome.Reject reject) {
      noteFailure(run, false, reject.why());
    } else if (result instanceof JobOutcome.Retry retry) {
      noteFailure(run, true, retry.why());
    } else {
      complete(run, context);
    }
    return result;
  }

  private void noteEnd(Run run, JobContext context, Duration took, Throwable error) {
    Thread.interrupted(); // meant for the handler, which is over, and not for the database
    if (!context.isCancelled()) {
      Failure failure = Failure.of(error);
      String message = failure.message();
      noteFailure(run, true, message.isEmpty() ? failure.errorClass() : message);
    } else if (took.compareTo(timeout.minus(CLOSE)) >= 0) {
      noteFailure(run, true, "timed out after " + timeout.toSeconds() + " s");
    } else {
      tryTo("give back", run, () -> tasks.giveBack(run));
    }
  }

  private void noteFailure(Run run, boolean again, String why) {
    log.warn("[Executor] Task {} failed: {} (attempt {})", run.task(), why, run.attempt());
    tryTo("note a failure of", run, () -> tasks.noteFailure(run, again, why));
  }

  /** It is done, so as long as the job is ours nothing else will do than to write that down. */
  private void complete(Run run, JobContext context) throws InterruptedException {
    while (!tryTo("complete", run, () -> tasks.complete(run))) {
      context.throwIfCancelled();
      Thread.sleep(PAUSE.toMillis());
    }
  }

  private static boolean tryTo(String what, Run run, Write write) {
    try {
      write.run();
      return true;
    } catch (SQLException e) {
      log.warn("[Executor] Cannot {} task {}: {}", what, run.task(), e.getMessage());
      return false;
    }
  }

  @FunctionalInterface
  private interface Write {
    void run() throws SQLException;
  }

  /** Makes the row of a job that was given up a failed one; for the dead letters of all types. */
  void giveUp(@Nullable Object payload, DeadLetter letter, JobContext context) throws SQLException {
    Optional<Long> task = task(letter.tags());
    if (task.isPresent()) {
      String why = letter.failure().message();
      if (tasks.giveUp(task.get(), letter.id(), letter.attempt(), why)) {
        log.warn("[Executor] Task {} failed: {} (given up, {})", task.get(), why, letter.reason());
      }
    }
  }
}
