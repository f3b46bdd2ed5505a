package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.LogLine;
import dev.jobs4j.api.LogLine.Level;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What attempts say of their progress and into their job's log is there for people. */
abstract class ReportCases extends SayingCases {

  @Test
  void aProgressIsThereForEveryNode() {
    LeasedJob job = running();

    told(job, new Report.Standing(3, 7, "M\u00fcll \ud83d\ude80", Duration.ZERO));

    Progress found = open().records().progress(job.id()).orElseThrow();
    assertThat(found.done()).isEqualTo(3);
    assertThat(found.total()).isEqualTo(7);
    assertThat(found.message()).isEqualTo("M\u00fcll \ud83d\ude80");
    assertThat(found.attempt()).isEqualTo(1);
  }

  @Test
  void theLastProgressStays() {
    LeasedJob job = running();
    told(job, at(1));
    told(job, at(2));
    settled(job, retry());
    LeasedJob next = claimOne(engine());
    assertThat(records().progress(job.id()).orElseThrow().done()).isEqualTo(2);

    told(next, new Report.Standing(0, 0, "", Duration.ZERO));

    Progress found = records().progress(job.id()).orElseThrow();
    assertThat(found.done()).isZero();
    assertThat(found.total()).isZero();
    assertThat(found.message()).isEmpty();
    assertThat(found.attempt()).isEqualTo(2);
  }

  @Test
  void aReportWithoutAProgressLeavesIt() {
    LeasedJob job = running();
    told(job, at(1));

    told(job, null, line(1, "a"));

    assertThat(records().progress(job.id()).orElseThrow().done()).isEqualTo(1);
  }

  @Test
  void whoSaidNothingHasNothing() {
    LeasedJob other = running();
    told(other, at(1), line(1, "a"));
    LeasedJob job = running();

    for (JobId id : List.of(job.id(), new JobId(UUID.randomUUID()))) {
      assertThat(records().progress(id)).isEmpty();
      assertThat(log(id)).isEqualTo(LogPage.EMPTY);
    }
  }

  @Test
  void linesAreKeptInOrderWithAllThatTheySay() {
    LeasedJob job = running();
    told(
        job,
        null,
        new Report.Line(1, Level.WARN, Duration.ZERO, "slow"),
        new Report.Line(2, Level.ERROR, Duration.ZERO, "Z\u00f6e \ud83d\ude80 ".repeat(250)));
    told(job, null, new Report.Line(3, Level.INFO, Duration.ZERO, ""));

    List<LogLine> found = open().records().log(job.id(), 0, 10).lines();

    assertThat(found).extracting(LogLine::number).containsExactly(1L, 2L, 3L);
    assertThat(found)
        .extracting(LogLine::level)
        .containsExactly(Level.WARN, Level.ERROR, Level.INFO);
    assertThat(found)
        .extracting(LogLine::text)
        .containsExactly("slow", "Z\u00f6e \ud83d\ude80 ".repeat(250), "");
    assertThat(found).extracting(LogLine::attempt).containsOnly(1);
  }

  @Test
  void whatWasSaidSomeTimeAgoHasThatTime() {
    LeasedJob job = running();
    Instant now = storeNow();
    told(
        job,
        new Report.Standing(1, 2, "", Duration.ofMinutes(2)),
        new Report.Line(1, Level.INFO, Duration.ofMinutes(3), "a"));

    Instant progress = records().progress(job.id()).orElseThrow().at();
    Instant line = log(job.id()).lines().get(0).at();

    assertThat(Duration.between(progress, now)).isBetween(minutes(1), minutes(2));
    assertThat(Duration.between(line, now)).isBetween(minutes(2), minutes(3));
  }

  private static Duration minutes(int count) {
    return Duration.ofMinutes(count);
  }

  @Test
  void aLogIsReadInPages() {
    LeasedJob job = running();
    told(job, null, lines(1, 25));

    List<Long> read = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (int page = 1; page <= 3; page++) {
      long after = read.isEmpty() ? 0 : read.get(read.size() - 1);
      List<LogLine> lines = records().log(job.id(), after, 10).lines();
      sizes.add(lines.size());
      lines.forEach(line -> read.add(line.number()));
    }

    assertThat(sizes).containsExactly(10, 10, 5);
    assertThat(read)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 25).asLongStream().boxed().toList());
  }

  @Test
  void aRepeatedReportAddsNothing() {
    LeasedJob job = running();
    told(job, null, lines(1, 2));

    told(job, null, lines(1, 3));

    assertThat(texts(job.id())).containsExactly("line 1", "line 2", "line 3");
  }

  @Test
  void theNextAttemptGoesOnBehindTheLastLine() {
    LeasedJob first = running();
    told(first, null, lines(1, 2));
    settled(first, retry());
    LeasedJob second = claimOne(engine());

    told(second, null, line(1, "again"));

    assertThat(texts(first.id())).containsExactly("line 1", "line 2", "again");
    assertThat(numbers(first.id())).containsExactly(1L, 2L, 3L);
    assertThat(log(first.id()).lines()).extracting(LogLine::attempt).containsExactly(1, 1, 2);
  }

  @Test
  void ofTooManyLinesTheNewestStayAndTheOthersAreCounted() {
    LeasedJob job = running();
    write(3, report(job, null, lines(1, 2)));
    write(3, report(job, null, lines(3, 4)));

    assertThat(texts(job.id())).containsExactly("line 2", "line 3", "line 4");
    assertThat(log(job.id()).dropped()).isEqualTo(1);

    write(3, report(job, null, lines(5, 12)));

    assertThat(numbers(job.id())).containsExactly(10L, 11L, 12L);
    assertThat(log(job.id()).dropped()).isEqualTo(9);
  }

  @Test
  void linesThatNeverCameAreCounted() {
    LeasedJob job = running();
    write(3, report(job, null, line(1, "first")));

    write(3, report(job, null, lines(50, 51)));

    assertThat(texts(job.id())).containsExactly("first", "line 50", "line 51");
    assertThat(numbers(job.id())).containsExactly(1L, 50L, 51L);
    assertThat(log(job.id()).dropped()).isEqualTo(48);
  }
}
