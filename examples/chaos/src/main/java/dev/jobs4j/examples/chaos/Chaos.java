package dev.jobs4j.examples.chaos;

import dev.jobs4j.examples.chaos.check.Checker;
import dev.jobs4j.examples.chaos.check.History;
import dev.jobs4j.examples.chaos.check.Verdict;
import dev.jobs4j.examples.chaos.cluster.Cluster;
import dev.jobs4j.examples.chaos.cluster.Server;
import dev.jobs4j.examples.chaos.cluster.Worker;
import dev.jobs4j.examples.chaos.enqueue.Enqueuers;
import dev.jobs4j.examples.chaos.ledger.Ledger;
import dev.jobs4j.examples.chaos.ledger.Ledgers;
import dev.jobs4j.examples.chaos.nemesis.Nemesis;
import dev.jobs4j.examples.chaos.nemesis.Size;
import dev.jobs4j.examples.chaos.work.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * One run: starts everything, enqueues and breaks at the same time, waits until all is quiet, and
 * checks. Read {@code README.md} beside it on how to read a failure.
 */
public final class Chaos {

  /** How long the last jobs may take once nothing is broken any more. */
  private static final Duration QUIET = Duration.ofMinutes(2);

  private static final int STOP_SECONDS = 30;

  private final Options options;

  private Chaos(Options options) {
    this.options = options;
  }

  /** Runs it; ends with 1 if a promise was broken. */
  public static void main(String[] args) throws Exception {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (!options.onlyCheck()) {
      System.out.println(described(options));
    }
    Verdict verdict = options.onlyCheck() ? checkAgain(options) : run(options);
    System.out.print(verdict.text());
    System.exit(verdict.violations().isEmpty() ? 0 : 1);
  }

  static String described(Options options) {
    return "chaos: --seed %d, ledgers in %s, %s"
        .formatted(options.seed(), options.folder(), options.size());
  }

  static Verdict run(Options options)
      throws IOException, SQLException, InterruptedException, ExecutionException {
    return new Chaos(options).run();
  }

  private Verdict run() throws IOException, SQLException, InterruptedException, ExecutionException {
    Path folder = options.folder();
    Size size = options.size();
    try (Ledger faults = Ledger.open(folder, "nemesis");
        Ledger enqueued = Ledger.open(folder, "driver");
        Cluster cluster = Cluster.start(folder, target -> Nemesis.cut(faults, target))) {
      cluster.awaitWorkers();
      String url = Database.url(cluster.wire().port());
      // Some more than are to be checked: a part of them is rolled back or refused.
      try (Enqueuers enqueuers =
          Enqueuers.start(url, enqueued, size.jobs() * 21 / 20, size.length(), options.seed())) {
        new Nemesis(cluster, faults).run(size, options.seed());
        enqueuers.await();
      }
      awaitQuiet(cluster.server());
      for (Worker worker : cluster.workers()) {
        worker.terminate(STOP_SECONDS); // what it was told last must be in its ledger
      }
      return check(folder, cluster.server());
    }
  }

  private static Verdict checkAgain(Options options) throws IOException, SQLException {
    try (Server server = Server.start(options.folder().resolve("database"))) {
      return check(options.folder(), server);
    }
  }

  private static Verdict check(Path folder, Server server) throws IOException, SQLException {
    Tables tables = new Tables(server);
    return Checker.check(new History(Ledgers.read(folder), tables.jobs(), tables.effects()));
  }

  /** What is still under way then is found by the checks. */
  private static void awaitQuiet(Server server) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + QUIET.toNanos();
    while (System.nanoTime() < deadline
        && !List.of("0").contains(server.text("SELECT count(*) FROM jobs_job"))) {
      Thread.sleep(200);
    }
  }
}
