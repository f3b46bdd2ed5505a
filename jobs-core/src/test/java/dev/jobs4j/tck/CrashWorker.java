package dev.jobs4j.tck;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.WorkerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A worker in a JVM of its own, made to be killed. Arguments: the connector's class, the ledger,
 * the queue, and what the connector needs. Runs until it is killed or its standard input ends.
 */
public final class CrashWorker {

  /**
   * A job that takes {@code millis}.
   *
   * @param index which one of the run it is
   */
  public record Task(int index, long millis) {}

  static final JobType<Task> TYPE = JobType.of("tck.task", Task.class);

  /** Does a durable step, and then takes its time unless an earlier attempt has done the step. */
  static final JobType<Task> STEPPED = JobType.of("tck.stepped", Task.class);

  static final int SLOTS = 10;

  private CrashWorker() {}

  /** Starts the worker. */
  public static void main(String[] args) throws Exception {
    Ledger ledger = new Ledger(Path.of(args[1]));
    JobQueue queue = JobQueue.of(args[2]);
    BackendConnector connector =
        Class.forName(args[0])
            .asSubclass(BackendConnector.class)
            .getDeclaredConstructor()
            .newInstance();
    JobsBuilder builder =
        Jobs.builder()
            .options(EngineCases.options().build())
            .workers(WorkerOptions.of(SLOTS))
            .handler(
                TYPE,
                (task, context) -> {
                  ledger.write(Ledger.Step.START, task.index(), context);
                  Thread.sleep(task.millis());
                  ledger.write(Ledger.Step.DONE, task.index(), context);
                  return null;
                },
                HandlerOptions.defaults().queue(queue.name()))
            .handler(
                STEPPED,
                (task, context) -> {
                  long doneBy =
                      context.step(
                          "first",
                          Long.class,
                          () -> {
                            ledger.write(Ledger.Step.STEP, task.index(), context);
                            return context.fencingToken().orElseThrow();
                          });
                  ledger.write(Ledger.Step.START, task.index(), context);
                  if (doneBy == context.fencingToken().orElseThrow()) {
                    Thread.sleep(task.millis());
                  }
                  ledger.write(Ledger.Step.DONE, task.index(), context);
                  return null;
                },
                HandlerOptions.defaults().queue(queue.name()));
    connector.connect(builder, Set.of(queue), arguments(args));
    try (Jobs jobs = builder.start()) {
      while (System.in.read() >= 0) {
        // the parent holds the other end; its end of life is ours
      }
    }
  }

  private static List<String> arguments(String[] args) {
    return Arrays.asList(args).subList(3, args.length);
  }

  /** Starts one as a child of this JVM, on the same class path. */
  static Process launch(EngineFixture fixture, Path ledger, JobQueue queue) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CrashWorker.class.getName(),
            fixture.connector().getClass().getName(),
            ledger.toString(),
            queue.name());
    builder.command().addAll(fixture.arguments());
    builder.redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(
            ledger.resolveSibling(ledger.getFileName() + ".log").toFile()));
    return builder.start();
  }

  static void kill(Process worker) throws InterruptedException {
    worker.destroyForcibly(); // SIGKILL
    worker.waitFor();
  }

  static void end(Process worker) throws Exception {
    worker.getOutputStream().close();
    if (!worker.waitFor(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS)) {
      kill(worker);
    }
  }
}
