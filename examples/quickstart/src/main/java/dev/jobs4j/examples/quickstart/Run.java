package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Retention;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.examples.quickstart.Orders.Met;
import dev.jobs4j.examples.quickstart.Orders.Order;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run, from the folder to the report. What must outlive the process is a job: one for each
 * picture, then the manifest, then the summary, which waits for the manifest.
 *
 * <p>The manifest is enqueued once every picture has ended and not {@code after(...)} the pictures:
 * a job waits for others to <i>succeed</i>, and a corrupt picture never does.
 */
final class Run {

  /** How long a picture that has ended is remembered, so that it is not done again. */
  static final Duration MEMORY = Duration.ofDays(7);

  /** Short, so that a run that was killed does not keep the next one waiting. */
  static final LeaseOptions LEASE =
      LeaseOptions.of(Duration.ofSeconds(5))
          .withGrace(Duration.ofSeconds(1))
          .withReapInterval(Duration.ofSeconds(1));

  private static final EngineOptions ENGINE =
      EngineOptions.builder()
          .name("quickstart")
          .pollInterval(Duration.ofMillis(200))
          .drainTimeout(Duration.ofSeconds(5))
          .interruptGrace(Duration.ofSeconds(1))
          .retention(Retention.of(MEMORY))
          .lease(LEASE)
          .build();

  private final Arguments arguments;
  private final Screen screen;
  private final StopSign stopSign;

  Run(Arguments arguments, Screen screen, StopSign stopSign) {
    this.arguments = arguments;
    this.screen = screen;
    this.stopSign = stopSign;
  }

  /**
   * Does it all.
   *
   * @throws RunFailedException if it could not begin, or had to stop before every job had ended
   */
  ExitCode execute() {
    List<Path> pictures = PictureFolder.list(arguments.folder());
    OutFolder out = OutFolder.create(arguments.out());
    System.setProperty("quickstart.log", out.log().toString()); // read by logback.xml
    try (Database database = Database.open(out);
        SummaryEndpoint endpoint = SummaryEndpoint.start(out)) {
      return work(pictures, out, JdbcJobStore.of(database.dataSource()), endpoint);
    } catch (JobException e) {
      throw new RunFailedException(
          ExitCode.STOPPED,
          out.whyDatabaseFails(String.valueOf(e.getMessage()))
              + "\nNothing is lost: the same command does the rest.",
          e);
    }
  }

  private ExitCode work(
      List<Path> pictures, OutFolder out, JobStore store, SummaryEndpoint endpoint) {
    Orders orders = new Orders(Jobs.builder().store(store).enqueueOnly()); // nothing runs yet
    List<Order> placed = orders.place(pictures.stream().map(MakeThumbnails::request).toList());
    greet(placed);
    Map<JobId, String> names = new LinkedHashMap<>();
    for (int i = 0; i < placed.size(); i++) {
      names.put(placed.get(i).id(), pictures.get(i).getFileName().toString());
    }
    int endedBefore = (int) placed.stream().filter(order -> !order.isOpen()).count();
    Progress progress = new Progress(screen, names, endedBefore);
    try (Jobs jobs =
        Jobs.builder()
            .store(store)
            .handlers(
                new ThumbnailHandler(out, stopSign::raise),
                new ManifestHandler(out),
                new SummaryHandler(endpoint.address()))
            .queue(MakeThumbnails.QUEUE, WorkerOptions.of(arguments.workers()))
            .listener(progress)
            .options(ENGINE)
            .start()) {
      Watch watch = new Watch(jobs, progress, stopSign, out, screen);
      watch.awaitEnded(placed);
      screen.endProgress();
      return conclude(Report.of(jobs, names), orders, watch, jobs);
    } catch (RunFailedException e) { // here the engine has stopped and let its jobs finish
      String sofar =
          "\nStopped with " + progress + ". Nothing is lost: the same command does the rest.";
      throw new RunFailedException(e.exitCode(), e.getMessage() + sofar, e);
    }
  }

  private void greet(List<Order> placed) {
    long before = placed.stream().filter(order -> order.met() != Met.NEW).count();
    long done = placed.stream().filter(order -> order.met() == Met.DONE).count();
    long givenUp = placed.stream().filter(order -> order.met() == Met.GIVEN_UP).count();
    screen.line(
        Report.counted(placed.size(), "picture")
            + " in "
            + arguments.folder().toAbsolutePath().normalize()
            + ", "
            + Report.counted(arguments.workers(), "worker"));
    if (before > 0) {
      screen.line(
          "Resuming: "
              + (done + " of " + placed.size() + " done before, ")
              + (givenUp > 0 ? Report.counted((int) givenUp, "dead letter") + " before, " : "")
              + (placed.size() - done - givenUp + " to go"));
    }
  }

  /** Manifest and summary, once for each outcome, then the report. */
  private ExitCode conclude(Report report, Orders orders, Watch watch, JobClient jobs) {
    String folder = arguments.folder().toAbsolutePath().normalize().toString();
    String outcome = Sha256.of(folder + report);
    Order manifest =
        orders.place(
            WriteManifest.TYPE
                .request(new WriteManifest(folder))
                .uniqueKey("manifest:" + outcome, MEMORY));
    Order summary =
        orders.place(
            DeliverSummary.TYPE
                .request(report.summary(folder))
                .uniqueKey("summary:" + outcome, MEMORY)
                .after(manifest.id()));
    boolean delivered = ended(manifest, watch, jobs) && ended(summary, watch, jobs);
    new Conclusion(report, arguments.out(), screen)
        .print(jobs.find(manifest.id()), jobs.find(summary.id()));
    return delivered && !report.mayBeMended() ? ExitCode.DONE : ExitCode.GIVEN_UP;
  }

  /** Waits for a job; whether it succeeded. */
  private static boolean ended(Order order, Watch watch, JobClient jobs) {
    watch.awaitEnded(List.of(order));
    return jobs.find(order.id()).map(Job::state).filter(JobState.SUCCEEDED::equals).isPresent();
  }
}
