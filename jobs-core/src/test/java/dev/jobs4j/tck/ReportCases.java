package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.LogLine;
import dev.jobs4j.api.LogLine.Level;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What attempts say of their progress and into their job's log is there for people. */
abstract class ReportCases extends StoreCases {

  private static final int KEEP = 100;

  @BeforeEach
  void keepsNotes() {
    assumeTrue(can(Capability.NOTES), "keeps no notes");
  }

  private static JobNotes notes(JobStore node) {
    return node.notes().orElseThrow();
  }

  private Set<TokenLease> write(int keep, Report... reports) {
    return notes(store).report(Arrays.asList(reports), keep, true);
  }

  /** Reports under a lease that must be held. */
  private void told(LeasedJob job, Report.Standing standing, Report.Line... lines) {
    assertThat(write(KEEP, report(job, standing, lines))).containsExactly(lease(job));
  }

  private static Report report(LeasedJob job, Report.Standing standing, Report.Line... lines) {
    return new Report(lease(job), standing, Arrays.asList(lines));
  }

  private static Report.Standing at(long done) {
    return new Report.Standing(done, 10, "page " + done, Duration.ZERO);
  }

  private static Report.Line line(int number, String text) {
    return new Report.Line(number, Level.INFO, Duration.ZERO, text);
  }

  private static Report.Line[] lines(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(number -> line(number, "line " + number))
        .toArray(Report.Line[]::new);
  }

  private LogPage log(JobId id) {
    return records().log(id, 0, 10_000);
  }

  private List<String> texts(JobId id) {
    return log(id).lines().stream().map(LogLine::text).toList();
  }

  private List<Long> numbers(JobId id) {
    return log(id).lines().stream().map(LogLine::number).toList();
  }

  private LeasedJob running() {
    insertOne();
    return claimOne(engine());
  }

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

  @Test
  void reportsBelongToTheirJobs() {
    LeasedJob one = running();
    LeasedJob two = running();

    assertThat(write(KEEP, report(one, at(1), line(1, "one")), report(two, at(2), line(1, "two"))))
        .containsExactlyInAnyOrder(lease(one), lease(two));

    assertThat(texts(one.id())).containsExactly("one");
    assertThat(texts(two.id())).containsExactly("two");
    assertThat(records().progress(one.id()).orElseThrow().done()).isEqualTo(1);
    assertThat(records().progress(two.id()).orElseThrow().done()).isEqualTo(2);
  }

  @Test
  void anOlderTokenSaysNothing() {
    LeasedJob zombie = running();
    expireEngines();
    reap();
    LeasedJob successor = claimOne(engine());
    told(successor, at(5), line(1, "mine"));

    assertThat(write(KEEP, report(zombie, at(9), line(1, "late")))).isEmpty();

    assertThat(texts(successor.id())).containsExactly("mine");
    assertThat(records().progress(successor.id()).orElseThrow().done()).isEqualTo(5);
  }

  @Test
  void aLostLeaseHoldsNoOtherReportUp() {
    LeasedJob zombie = running();
    settled(zombie, new Outcome.Retry(Duration.ofHours(1), FAILURE));
    LeasedJob job = running();

    assertThat(write(KEEP, report(zombie, at(9), line(1, "late")), report(job, at(1))))
        .containsExactly(lease(job));

    assertThat(records().progress(zombie.id())).isEmpty();
    assertThat(texts(zombie.id())).isEmpty();
    assertThat(records().progress(job.id())).isPresent();
  }

  @Test
  void aJobThatHasEndedSaysNothing() {
    LeasedJob done = running();
    settled(done, succeeded());
    LeasedJob dead = running();
    settled(dead, new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertThat(write(KEEP, report(done, at(1), line(1, "a")), report(dead, at(1), line(1, "b"))))
        .isEmpty();

    for (JobId id : List.of(done.id(), dead.id())) {
      assertThat(records().progress(id)).isEmpty();
      assertThat(texts(id)).isEmpty();
    }
  }

  @Test
  void whatWasSaidOutlivesACrash() {
    LeasedJob job = running();
    told(job, at(1), line(1, "a"));
    expireEngines();
    reap();
    claimOne(engine());

    assertThat(records().progress(job.id()).orElseThrow().done()).isEqualTo(1);
    assertThat(texts(job.id())).containsExactly("a");
  }

  @Test
  void whatWasSaidStaysWithADeadLetterThroughARequeue() {
    LeasedJob job = running();
    told(job, at(1), line(1, "a"));
    settled(job, new Outcome.Dead(DeadReason.REJECTED, FAILURE));
    assertThat(texts(job.id())).containsExactly("a");

    assertThat(records().requeue(job.id())).isTrue();

    assertThat(records().progress(job.id()).orElseThrow().done()).isEqualTo(1);
    assertThat(texts(job.id())).containsExactly("a");
  }

  @Test
  void whatWasSaidStaysWithASuccess() {
    LeasedJob job = running();
    told(job, at(10), line(1, "a"));

    settled(job, succeeded());

    assertThat(records().progress(job.id()).orElseThrow().done()).isEqualTo(10);
    assertThat(texts(job.id())).containsExactly("a");
  }

  @Test
  void whatWasSaidGoesWithAJobThatIsDeleted() {
    LeasedJob job = running();
    told(job, at(1), line(1, "a"));
    settled(job, new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertThat(records().delete(job.id())).isTrue();

    assertThat(records().progress(job.id())).isEmpty();
    assertThat(log(job.id())).isEqualTo(LogPage.EMPTY);
  }

  @Test
  void whatWasSaidGoesWithAJobThatIsPruned() {
    LeasedJob job = running();
    told(job, at(1), line(1, "a"));
    settled(job, succeeded());
    advance(Duration.ofDays(2));

    prune(Duration.ofDays(1), 100);

    assertThat(records().progress(job.id())).isEmpty();
    assertThat(log(job.id())).isEqualTo(LogPage.EMPTY);
  }

  @Test
  void aJobWithAnotherContentHasSaidNothing() {
    assumeTrue(can(Capability.REPLACE), "replaces no waiting jobs");
    insert(NewJobs.job().replace("k").build());
    LeasedJob job = claimOne(engine());
    told(job, at(1), line(1, "a"));
    settled(job, retry());
    NewJob other =
        NewJobs.job().payload(new Payload("json", new byte[] {'1'})).replace("k").build();

    assertThat(store.insert(List.of(other)).get(0).id()).isEqualTo(job.id());

    assertThat(records().progress(job.id())).isEmpty();
    assertThat(texts(job.id())).isEmpty();
  }

  @Test
  void stepsAndReportsDoNotMeet() {
    LeasedJob job = running();
    told(job, at(1), line(1, "a"));

    assertThat(notes(store).step(job.id(), "")).isEmpty();
    assertThat(notes(store).step(job.id(), "0000000000000000001")).isEmpty();
  }

  /** A child that is being stored holds its parent as long as the caller likes. */
  @Test
  void aReportThatIsNotPatientWaitsForNoTransactionOfACaller() throws Exception {
    assumeTrue(can(Capability.TRANSACTIONAL_ENQUEUE) && can(Capability.WAITING));
    LeasedJob job = running();
    Report report = report(job, null, line(1, "a"));
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try (TestTransaction caller = fixture().begin()) {
      store.insert(List.of(NewJobs.job().after(job.id()).build()), caller.handle());

      writer
          .submit(() -> notes(store).report(List.of(report), KEEP, false))
          .get(10, TimeUnit.SECONDS);

      caller.commit();
    } finally {
      writer.shutdownNow();
    }
    assertThat(write(KEEP, report)).containsExactly(lease(job));
    assertThat(texts(job.id())).containsExactly("a");
  }

  /** Whoever takes the job back waits for the write, or the write is refused. */
  @Test
  void aLineIsWrittenBeforeTheJobIsTakenBackOrNever() throws Exception {
    JobStore other = open();
    rounds(
        () -> {
          EngineId leaving = engine();
          insertOne();
          LeasedJob job = claimOne(leaving);
          Race.Both<Set<TokenLease>, LogPage> both =
              Race.both(
                  () -> write(KEEP, report(job, null, line(1, "a"))),
                  () -> {
                    other.retire(leaving);
                    return other.records().log(job.id(), 0, 10);
                  });

          assertThat(log(job.id()).lines().isEmpty())
              .as("what the successor saw")
              .isEqualTo(both.second().lines().isEmpty())
              .isEqualTo(both.first().isEmpty());
          settled(claimOne(engine()), succeeded());
        });
  }
}
