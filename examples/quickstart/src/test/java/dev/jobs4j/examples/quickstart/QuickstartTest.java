package dev.jobs4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on a small folder: two good pictures and a torn one. */
class QuickstartTest {

  @TempDir Path folder;
  @TempDir Path out;

  @BeforeEach
  void drawPictures() throws IOException {
    Pictures.write(folder, "wide.jpg", 900, 300);
    Pictures.write(folder, "high.png", 200, 700);
    Pictures.writeTorn(folder, "torn.png");
    Files.writeString(folder.resolve("notes.txt"), "no picture");
  }

  private TestRun run() {
    return TestRun.of(folder, "--out", out, "--workers", 2);
  }

  @Test
  void everyPictureGetsThreeThumbnailsAndAManifest() throws IOException {
    assertThat(run().exitCode()).isEqualTo(ExitCode.DONE);

    Made made = new Made(out);
    assertThat(made.thumbnails()).isEqualTo(Made.thumbnailsOf("high.png", "wide.jpg"));
    made.assertManifestIsRight();
    BufferedImage wide = ImageIO.read(out.resolve("thumbnails/320/wide.jpg").toFile());
    assertThat(wide.getWidth()).isEqualTo(320);
    assertThat(wide.getHeight()).isBetween(106, 107);
    assertThat(ImageIO.read(out.resolve("thumbnails/160/high.png").toFile()).getHeight())
        .isEqualTo(160);
  }

  @Test
  void aCorruptPictureEndsAsADeadLetterWithItsReason() throws IOException {
    Pictures.writeTorn(folder, "half.jpg");
    Files.write(folder.resolve("empty.gif"), new byte[0]);

    TestRun run = run();

    assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(run.out())
        .contains("5 pictures: 2 done, 3 dead letters")
        .contains("torn.png: NON_RETRYABLE, Corrupt picture: ")
        .contains("half.jpg: NON_RETRYABLE, Corrupt picture: the JPEG breaks off")
        .contains("empty.gif: NON_RETRYABLE, Corrupt picture: ");
  }

  @Test
  void theSummaryArrivesAlthoughItsReceiverRefusesTwice() throws IOException {
    TestRun run = run();

    assertThat(run.out().lines().filter(line -> line.matches("Retry summary.*HTTP 503.*")))
        .hasSize(SummaryEndpoint.REFUSALS);
    assertThat(run.out()).contains("summary.json, on attempt 3");
    JsonNode summary = new ObjectMapper().readTree(out.resolve("summary.json").toFile());
    assertThat(summary.get("pictures").asInt()).isEqualTo(3);
    assertThat(summary.get("done").asInt()).isEqualTo(2);
    assertThat(summary.at("/givenUp/0/picture").asText()).isEqualTo("torn.png");
  }

  @Test
  void aSecondRunDoesNothingAgain() throws IOException {
    run();
    var before = new Made(out).identities();
    Files.delete(out.resolve("summary.json"));

    TestRun second = run();

    assertThat(second.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(second.out())
        .contains("Resuming: 2 of 3 done before, 1 dead letter before, 0 to go")
        .contains("torn.png: NON_RETRYABLE");
    assertThat(new Made(out).identities()).isEqualTo(before);
    assertThat(out.resolve("summary.json")).doesNotExist();
  }

  @Test
  void aPictureThatWasMendedIsANewJob() throws IOException {
    run();
    Pictures.write(folder, "torn.png", 300, 200);

    TestRun second = run();

    assertThat(second.out())
        .contains("Resuming: 2 of 3 done before, 1 to go")
        .contains("3 pictures: 3 done, 0 dead letters");
    assertThat(new Made(out).thumbnails())
        .isEqualTo(Made.thumbnailsOf("high.png", "torn.png", "wide.jpg"));
    new Made(out).assertManifestIsRight();
  }

  @Test
  void pipedOutputHasNoControlCharacters() throws IOException {
    Pictures.writeTorn(folder, "red\u001b[31m.png");

    TestRun run = run();

    assertThat(run.out()).contains("red?[31m.png").contains("[4/4]").contains("wide.jpg: done");
    assertThat(run.out().codePoints().filter(Character::isISOControl).distinct())
        .containsExactly((int) '\n');
  }

  @Test
  void aTerminalShowsABarThatGoesWhenItIsFull() {
    TestRun run = TestRun.onTerminal(folder, "--out", out);

    assertThat(run.out())
        .contains("\r\u001b[K[####################..........] 2/3  ")
        .contains("[##############################] 3/3  ");
    assertThat(run.out().substring(run.out().indexOf("3/3")))
        .containsPattern("3/3  \\S+\r\u001b\\[KRetry summary");
  }
}
