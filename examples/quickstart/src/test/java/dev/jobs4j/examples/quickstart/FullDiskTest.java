package dev.jobs4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs on a disk in memory that is really full; making one takes root on Linux. */
class FullDiskTest {

  private static final int PHOTOS = 12;

  @TempDir Path folder;
  @TempDir Path scratch;
  private Path out;
  private Path disk;

  @BeforeEach
  void drawPhotos() throws Exception {
    Pictures.writePhotos(folder, PHOTOS);
    out = scratch.resolve("disk/out");
  }

  private void mount(Path folder, String size) throws Exception {
    disk = Files.createDirectories(folder);
    assumeTrue(
        execute("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString()),
        "no right to mount a small disk: the full disk is not tested here");
  }

  @AfterEach
  void unmount() throws Exception {
    execute("umount", "-l", disk.toString());
  }

  /** Thumbnails and job database race for the last block; whoever meets the end of it tells. */
  @ParameterizedTest
  @ValueSource(strings = {"360k", "500k"})
  void aFullDiskStopsTheRunAndTheNextOneDoesTheRest(String size) throws Exception {
    mount(out.getParent(), size);

    TestRun first = TestRun.of(folder, "--out", out);

    assertThat(first.exitCode()).isEqualTo(ExitCode.STOPPED);
    assertThat(first.err()).startsWith("Disk full: no space left").contains("Nothing is lost");
    assertThat(first.out()).doesNotContain("dead letter");

    assertTheNextRunDoesTheRest();
  }

  /** The database has room, so it could keep a lie. */
  @Test
  void aPictureWithoutRoomForItsThumbnailsIsNotDone() throws Exception {
    mount(out.resolve("thumbnails"), "100k");

    TestRun first = TestRun.of(folder, "--out", out);

    assertThat(first.exitCode()).isEqualTo(ExitCode.STOPPED);
    assertThat(first.err())
        .startsWith("Disk full: no space left for " + out.resolve("thumbnails"))
        .contains("Nothing is lost");
    assertThat(new Made(out).thumbnails()).isNotEmpty().noneMatch(name -> name.endsWith(".part"));
    assertTheNextRunDoesTheRest();
  }

  private void assertTheNextRunDoesTheRest() throws Exception {
    assertThat(execute("mount", "-o", "remount,size=20m", disk.toString())).isTrue();

    TestRun second = TestRun.of(folder, "--out", out);

    assertThat(second.exitCode()).isEqualTo(ExitCode.DONE);
    Made made = new Made(out);
    assertThat(made.thumbnails()).hasSize(3 * PHOTOS);
    made.assertManifestIsRight();
  }

  @Test
  void aDiskWithoutRoomForTheDatabaseIsNamed() throws Exception {
    mount(out.getParent(), "40k");

    TestRun run = TestRun.of(folder, "--out", out);

    assertThat(run.exitCode()).isEqualTo(ExitCode.STOPPED);
    assertThat(run.err()).startsWith("Disk full: no space left");
  }

  private static boolean execute(String... command) throws Exception {
    Process process;
    try {
      process =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (java.io.IOException e) {
      return false; // no such command here
    }
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
