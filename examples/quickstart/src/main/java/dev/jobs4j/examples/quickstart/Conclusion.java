package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobState;
import dev.jobs4j.examples.quickstart.DeliverSummary.GivenUp;
import java.nio.file.Path;
import java.util.Optional;

/** Tells at the end what happened and where everything is. */
record Conclusion(Report report, Path out, Screen screen) {

  void print(Optional<Job> manifest, Optional<Job> summary) {
    screen.line("");
    screen.line(
        Report.counted(report.pictures(), "picture")
            + (": " + report.done() + " done, ")
            + Report.counted(report.givenUp().size(), "dead letter")
            + (report.retries() > 0 ? ", retries: " + report.retries() : ""));
    for (GivenUp picture : report.givenUp()) {
      screen.line("  " + picture.picture() + ": " + picture.reason() + ", " + picture.message());
    }
    if (report.mayBeMended()) {
      screen.line("  EXHAUSTED: all attempts failed; the next run tries again");
    }
    screen.line("");
    row("Thumbnails", ThumbnailHandler.SIZES.size() * report.done() + " in " + in("thumbnails"));
    row("Manifest", ended(manifest, in("SHA256SUMS") + ", for sha256sum -c"));
    row("Summary", ended(summary, "received as " + in("summary.json")));
    row("Log", in("quickstart.log"));
    row("Look again", "run the same command: what is done is not done again");
  }

  private void row(String what, String text) {
    screen.line(String.format("%-11s %s", what, text));
  }

  private String in(String name) {
    return out.resolve(name).toString();
  }

  private static String ended(Optional<Job> job, String where) {
    if (job.isEmpty()) {
      return "unknown to the job database";
    }
    JobState state = job.get().state();
    int attempt = job.get().attempt();
    if (state == JobState.SUCCEEDED) {
      return where + (attempt > 1 ? ", on attempt " + attempt : "");
    }
    return state == JobState.PENDING
        ? "not begun"
        : "given up after "
            + Report.counted(attempt, "attempt")
            + job.get().lastFailure().map(failure -> ": " + Report.reason(failure)).orElse("");
  }
}
