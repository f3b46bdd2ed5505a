package dev.jobs4j.core.testing;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What there was, for the message of an assertion that failed. */
final class Listing {

  private static final int MOST_JOBS = 50;
  private static final int LONGEST_TEXT = 200;

  private Listing() {}

  static String of(Ledger ledger, Map<String, Integer> faultsLeft, Instant now) {
    List<Job> jobs = ledger.jobs();
    StringBuilder text = new StringBuilder();
    text.append("Jobs at ").append(now).append(jobs.isEmpty() ? ": none" : ":");
    jobs.stream()
        .limit(MOST_JOBS)
        .forEach(job -> text.append("\n  ").append(line(job, ledger.payload(job.id()), now)));
    if (jobs.size() > MOST_JOBS) {
      text.append("\n  and ").append(jobs.size() - MOST_JOBS).append(" more");
    }
    if (!faultsLeft.isEmpty()) {
      text.append("\nFaults that no attempt has met: ").append(faultsLeft);
    }
    return text.toString();
  }

  private static String line(Job job, @Nullable Object payload, Instant now) {
    return job.type()
        + " "
        + (payload == null ? "" : cut(String.valueOf(payload)) + " ")
        + job.state()
        + job.deadReason().map(reason -> " " + reason).orElse("")
        + " attempt="
        + job.attempt()
        + due(job, now)
        + job.blockReason().map(reason -> " waits for " + reason).orElse("")
        + job.lastFailure()
            .map(failure -> " error=" + failure.errorClass() + ": " + cut(failure.message()))
            .orElse("");
  }

  private static String due(Job job, Instant now) {
    return job.state() == JobState.PENDING && job.runAt().isAfter(now)
        ? " due in " + Duration.between(now, job.runAt())
        : "";
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
  }
}
