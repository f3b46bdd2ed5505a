package dev.jobs4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in a process of its own, on photos large enough to meet it in the middle. */
class KilledRunTest {

  private static final int PHOTOS = 16;
  private static final int WORKERS = 2;

  @TempDir Path folder;
  @TempDir Path scratch;
  private Path out;
  private Path told;
  private Process process;

  @BeforeEach
  void startARunAndMeetItInTheMiddle() throws Exception {
    Pictures.writePhotos(folder, PHOTOS);
    out = scratch.resolve("out");
    told = scratch.resolve("told");
    process = TestRun.start(told, folder, "--out", out, "--workers", WORKERS);
    while (toldDone() < PHOTOS / 4) {
      boolean ended = process.waitFor(10, TimeUnit.MILLISECONDS);
      assertThat(ended).as("run ended too early: " + Files.readString(told)).isFalse();
    }
  }

  @AfterEach
  void leaveNoProcess() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Test
  void theNextRunAfterAKillDoesExactlyTheRest() throws Exception {
    process.destroyForcibly().waitFor(); // SIGKILL
    Map<String, Object> atTheKill = new Made(out).identities();
    Map<JobState, Long> left = states();
    long done = left.getOrDefault(JobState.SUCCEEDED, 0L);
    long inHand = left.getOrDefault(JobState.RUNNING, 0L);
    assertThat(done).as("halfway").isBetween(1L, PHOTOS - 1L);
    assertThat(done).as("kept of what was told to be done").isGreaterThanOrEqualTo(toldDone());

    TestRun second = TestRun.of(folder, "--out", out, "--workers", WORKERS);

    assertThat(second.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(second.out())
        .contains(
            "Resuming: " + (done + " of " + PHOTOS + " done before, ") + (PHOTOS - done + " to go"))
        .contains(PHOTOS + " pictures: " + PHOTOS + " done, 0 dead letters");
    assertThat(second.out().lines().filter(line -> line.endsWith(": done")))
        .hasSize((int) (PHOTOS - done));
    assertThat(new Made(out).thumbnails()).isEqualTo(Made.thumbnailsOf(photos()));
    new Made(out).assertManifestIsRight();
    assertThat(madeAgain(atTheKill)).hasSizeLessThanOrEqualTo((int) inHand);
    assertThat(states()).isEqualTo(Map.of(JobState.SUCCEEDED, (long) PHOTOS));
  }

  @Test
  void twoRunsDoNotWorkInOneFolder() {
    TestRun second = TestRun.of(folder, "--out", out);

    assertThat(process.isAlive()).isTrue();
    assertThat(second.exitCode()).isEqualTo(ExitCode.IN_USE);
    assertThat(second.err()).startsWith("Another run works in " + out);
  }

  @Test
  void aRunThatIsAskedToStopFinishesWhatItHasInHand() throws Exception {
    process.destroy(); // SIGTERM
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

    assertThat(Files.readString(told))
        .contains("Asked to stop\nStopped with ")
        .doesNotContain("dead letter");
    assertThat(states()).containsOnlyKeys(JobState.SUCCEEDED, JobState.PENDING);
  }

  private long toldDone() throws IOException {
    try (Stream<String> lines = Files.lines(told)) {
      return lines.filter(line -> line.endsWith(": done")).count();
    }
  }

  private static String[] photos() {
    return IntStream.range(0, PHOTOS)
        .mapToObj(i -> String.format("photo-%02d.jpg", i))
        .toArray(String[]::new);
  }

  /** The pictures of which a thumbnail that was there is another file now. */
  private Set<String> madeAgain(Map<String, Object> before) throws IOException {
    Map<String, Object> after = new TreeMap<>(new Made(out).identities());
    Set<String> pictures = new TreeSet<>();
    before.forEach(
        (thumbnail, identity) -> {
          if (after.containsKey(thumbnail) && !after.get(thumbnail).equals(identity)) {
            pictures.add(Path.of(thumbnail).getFileName().toString());
          }
        });
    return pictures;
  }

  private Map<JobState, Long> states() {
    try (Database database = Database.open(OutFolder.create(out))) {
      Map<JobState, Long> states =
          new TreeMap<>(
              JdbcJobStore.of(database.dataSource())
                  .records()
                  .count(JobQueue.of(MakeThumbnails.QUEUE)));
      states.values().removeIf(count -> count == 0);
      return states;
    }
  }
}
