package dev.jobs4j.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.examples.chaos.nemesis.Size;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {

  @TempDir Path folder;

  @Test
  void whatIsSaidIsTaken() throws IOException {
    Options options =
        Options.parse("--nightly", "--seed", "7", "--out", folder.resolve("a/b").toString());

    assertThat(options.size()).isEqualTo(Size.nightly());
    assertThat(options.seed()).isEqualTo(7);
    assertThat(options.folder()).isDirectory();
    assertThat(Chaos.described(options)).contains("--seed 7");
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> Options.parse("--seed", "x")).hasMessageContaining("--seed");
    assertThatThrownBy(() -> Options.parse("--seed")).hasMessageContaining("--seed needs a value");
    assertThatThrownBy(() -> Options.parse("--check", folder.toString()))
        .hasMessageContaining("--check needs the folder of a run");
    assertThatThrownBy(() -> Options.parse("--fast"))
        .hasMessageContaining("Unknown option --fast")
        .hasMessageContaining("--nightly");
  }
}
