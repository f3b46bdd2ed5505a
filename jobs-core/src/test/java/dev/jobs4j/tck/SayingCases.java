package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.LogLine;
import dev.jobs4j.api.LogLine.Level;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** Short words for cases about what attempts say. */
abstract class SayingCases extends StoreCases {

  static final int KEEP = 100;

  @BeforeEach
  void keepsNotes() {
    assumeTrue(can(Capability.NOTES), "keeps no notes");
  }

  static JobNotes notes(JobStore node) {
    return node.notes().orElseThrow();
  }

  final Set<TokenLease> write(int keep, Report... reports) {
    return notes(store).report(Arrays.asList(reports), keep, true);
  }

  /** Reports under a lease that must be held. */
  final void told(LeasedJob job, Report.Standing standing, Report.Line... lines) {
    assertThat(write(KEEP, report(job, standing, lines))).containsExactly(lease(job));
  }

  static Report report(LeasedJob job, Report.Standing standing, Report.Line... lines) {
    return new Report(lease(job), standing, Arrays.asList(lines));
  }

  static Report.Standing at(long done) {
    return new Report.Standing(done, 10, "page " + done, Duration.ZERO);
  }

  static Report.Line line(int number, String text) {
    return new Report.Line(number, Level.INFO, Duration.ZERO, text);
  }

  static Report.Line[] lines(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(number -> line(number, "line " + number))
        .toArray(Report.Line[]::new);
  }

  final LogPage log(JobId id) {
    return records().log(id, 0, 10_000);
  }

  final List<String> texts(JobId id) {
    return log(id).lines().stream().map(LogLine::text).toList();
  }

  final List<Long> numbers(JobId id) {
    return log(id).lines().stream().map(LogLine::number).toList();
  }

  final LeasedJob running() {
    insertOne();
    return claimOne(engine());
  }
}
