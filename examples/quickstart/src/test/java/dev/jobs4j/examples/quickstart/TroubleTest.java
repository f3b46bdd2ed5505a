package dev.jobs4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong is told in words that help, with an exit code, and loses nothing. */
class TroubleTest {

  @TempDir Path folder;
  @TempDir Path out;

  @Test
  void aMissingFolderIsNamed() {
    Path missing = folder.resolve("missing");

    TestRun run = TestRun.of(missing, "--out", out);

    assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(run.err()).isEqualTo("No such folder: " + missing + "\n");
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void aFolderWithoutPicturesIsNamed() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "no picture");

    TestRun run = TestRun.of(folder, "--out", out);

    assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(run.err()).startsWith("No pictures").contains(folder.toString());
  }

  @Test
  void anOutputFolderThatCannotBeMadeIsNamed() throws IOException {
    Pictures.write(folder, "a.jpg", 300, 200);
    Path file = Files.writeString(out.resolve("file"), "in the way");

    TestRun run = TestRun.of(folder, "--out", file);

    assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(run.err()).startsWith("Cannot write to " + file);
  }

  /** A link to nowhere cannot be read by anyone, root included. */
  @Test
  void anUnreadablePictureIsTriedAgainNowAndInTheNextRun() throws IOException {
    Pictures.write(folder, "good.jpg", 300, 200);
    Path target = folder.resolve("later");
    Files.createSymbolicLink(folder.resolve("link.jpg"), target);

    TestRun first = TestRun.of(folder, "--out", out);

    assertThat(first.exitCode()).isEqualTo(ExitCode.GIVEN_UP);
    assertThat(first.out())
        .contains("Retry link.jpg in ")
        .contains("2 pictures: 1 done, 1 dead letter, retries: 2")
        .contains("link.jpg: EXHAUSTED, NoSuchFileException: ");
    assertThat(new Made(out).thumbnails()).isEqualTo(Made.thumbnailsOf("good.jpg"));

    TestRun second = TestRun.of(folder, "--out", out);

    assertThat(second.exitCode()).isEqualTo(ExitCode.GIVEN_UP);
    assertThat(second.out()).contains("1 of 2 done before, 1 to go").contains("Retry link.jpg in ");

    Files.write(target, Pictures.bytes("jpg", 300, 200));

    TestRun third = TestRun.of(folder, "--out", out);

    assertThat(third.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(new Made(out).thumbnails()).isEqualTo(Made.thumbnailsOf("good.jpg", "link.jpg"));
    new Made(out).assertManifestIsRight();
  }

  @ParameterizedTest
  @CsvSource({
    "--colour, unknown option --colour",
    "--out, --out needs a value",
    "--workers 0, '--workers needs a number from 1 to 256, not 0'",
    "--workers many, '--workers needs a number from 1 to 256, not many'",
    "one two, 'one folder at a time, not both one and two'",
    "'', name a folder of pictures"
  })
  void aWrongCommandLineIsAnsweredWithWhatToMend(String line, String answer) {
    Object[] words = line.isEmpty() ? new Object[0] : line.split(" ");

    TestRun run = TestRun.of(words);

    assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(run.err()).isEqualTo(answer + " (--help tells more)\n");
  }

  @Test
  void helpNamesEveryOptionAndEveryExitCode() {
    TestRun run = TestRun.of("--help");

    assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(run.out()).contains("FOLDER", "--out DIR", "--workers N");
    for (ExitCode code : ExitCode.values()) {
      assertThat(run.out()).containsPattern("(?m)^  " + code.number() + "  \\w");
    }
  }
}
