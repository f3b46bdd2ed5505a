package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.tck.CrashWorker.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker JVM is killed with -9 while it runs 1,000 jobs on ten slots, some slow ones at the front
 * so that others end before them. Nothing may be lost, and whatever runs twice must be explained by
 * the kill and named by its delivery.
 */
public abstract class CrashContract {

  static final int JOBS = 1_000;
  private static final int SLOW = 4;

  @TempDir Path folder;

  /** The backend under test. */
  protected abstract EngineFixture fixture();

  /** Notes which backend this suite has really run on. */
  @BeforeEach
  protected void reportBackend() {
    BackendReport.used(getClass(), fixture().backend(), fixture().kind());
  }

  /**
   * Looks at the backend right after the kill; the lines are all that the dead worker did. A broker
   * checks here how far its commits had come.
   */
  protected void afterKill(JobQueue queue, List<Ledger.Line> lines) {}

  @Test
  void nothingIsLostWhenAWorkerIsKilled() throws Exception {
    JobQueue queue = JobQueue.of("crash-" + UUID.randomUUID().toString().substring(0, 8));
    enqueue(queue);
    Ledger ledger = new Ledger(folder.resolve("ledger.tsv"));
    Process first = CrashWorker.launch(fixture(), folder.resolve("ledger.tsv"), queue);
    try {
      await(first, ledger, Ledger.Step.DONE, JOBS * 2 / 5);
    } finally {
      CrashWorker.kill(first);
    }
    List<Ledger.Line> before = ledger.lines();
    assertThat(indexes(before, Ledger.Step.DONE)).as("done before the kill").hasSizeLessThan(JOBS);
    afterKill(queue, before);

    Process second = CrashWorker.launch(fixture(), folder.resolve("ledger.tsv"), queue);
    try {
      await(second, ledger, Ledger.Step.DONE, JOBS);
    } finally {
      CrashWorker.end(second);
    }
    check(before, ledger.lines());
  }

  @Test
  void aStepThatWasKeptIsNotDoneAgainAfterAKill() throws Exception {
    assumeTrue(fixture().capabilities().contains(Capability.NOTES), "keeps no steps");
    JobQueue queue = JobQueue.of("steps-" + UUID.randomUUID().toString().substring(0, 8));
    enqueue(queue, List.of(CrashWorker.STEPPED.request(new Task(0, 600_000)).queue(queue.name())));
    Ledger ledger = new Ledger(folder.resolve("ledger.tsv"));
    Process first = CrashWorker.launch(fixture(), folder.resolve("ledger.tsv"), queue);
    try {
      await(first, ledger, Ledger.Step.START, 1);
    } finally {
      CrashWorker.kill(first);
    }
    Process second = CrashWorker.launch(fixture(), folder.resolve("ledger.tsv"), queue);
    try {
      await(second, ledger, Ledger.Step.DONE, 1);
    } finally {
      CrashWorker.end(second);
    }
    assertThat(ledger.lines())
        .extracting(Ledger.Line::step)
        .containsExactly(Ledger.Step.STEP, Ledger.Step.START, Ledger.Step.START, Ledger.Step.DONE);
  }

  private void enqueue(JobQueue queue) {
    enqueue(
        queue,
        IntStream.range(0, JOBS)
            .<JobRequest<?>>mapToObj(
                i ->
                    CrashWorker.TYPE
                        .request(new Task(i, i < SLOW ? 5_000 : 1 + i % 7))
                        .queue(queue.name()))
            .toList());
  }

  private void enqueue(JobQueue queue, List<? extends JobRequest<?>> requests) {
    JobsBuilder builder = Jobs.builder();
    fixture().connector().connect(builder, Set.of(queue), fixture().arguments());
    try (Jobs jobs = builder.enqueueOnly()) {
      jobs.enqueueAll(requests);
    }
  }

  private void await(Process worker, Ledger ledger, Ledger.Step step, int count) {
    Eventually.until(
        count + " times " + step,
        Duration.ofMinutes(2),
        () -> {
          assertThat(worker.isAlive()).as("worker, see ledger.tsv.log").isTrue();
          return indexes(ledger.lines(), step).size() >= count;
        },
        () -> step + ": " + indexes(ledger.lines(), step).size());
  }

  private void check(List<Ledger.Line> before, List<Ledger.Line> all) {
    assertThat(indexes(all, Ledger.Step.DONE)).as("jobs that ended").hasSize(JOBS);
    Map<Integer, List<Ledger.Line>> starts =
        all.stream()
            .filter(line -> line.step() == Ledger.Step.START)
            .collect(Collectors.groupingBy(Ledger.Line::index, TreeMap::new, Collectors.toList()));
    Set<Integer> startedBefore = indexes(before, Ledger.Step.START);
    starts.forEach(
        (index, lines) -> {
          if (lines.size() > 1) {
            assertThat(startedBefore).as("unexplained duplicate: %s", lines).contains(index);
            assertThat(lines).as("more than the one kill explains").hasSize(2);
            nameTheDelivery(lines);
          }
        });
    Set<Integer> cutOff = new HashSet<>(startedBefore);
    cutOff.removeAll(indexes(before, Ledger.Step.DONE));
    assertThat(
            starts.entrySet().stream().filter(e -> e.getValue().size() > 1).map(Map.Entry::getKey))
        .as("jobs that were running at the kill run again")
        .containsAll(cutOff);
  }

  /** A job that ran twice shows by what right: a higher token, or where the broker gave it from. */
  private void nameTheDelivery(List<Ledger.Line> starts) {
    if (fixture().capabilities().contains(Capability.RECORDS)) {
      assertThat(starts.get(1).token()).isGreaterThan(starts.get(0).token());
    } else {
      assertThat(starts).allSatisfy(line -> assertThat(line.origin()).isNotEqualTo("-"));
    }
  }

  static Set<Integer> indexes(List<Ledger.Line> lines, Ledger.Step step) {
    return lines.stream()
        .filter(line -> line.step() == step)
        .map(Ledger.Line::index)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
