package dev.jobs4j.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.examples.benchmarks.database.Database.Product;
import dev.jobs4j.examples.benchmarks.scenario.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

  @Test
  void withoutWordsEverythingIsMeasuredOnPostgresInThreeRounds() {
    Options options = Options.parse();

    assertThat(options.product()).isEqualTo(Product.POSTGRESQL);
    assertThat(options.warmUps()).isEqualTo(3);
    assertThat(options.rounds()).isEqualTo(3);
    assertThat(options.size()).isEqualTo(Size.full());
    assertThat(options.wantsScenario("drain")).isTrue();
    assertThat(options.wantsSystem("quartz")).isTrue();
  }

  @Test
  void aSystemIsWantedByWhatItsNameBeginsWith() {
    Options options = Options.parse("--systems", "limit,jobs4j");

    assertThat(options.wantsSystem("limit-hot")).isTrue();
    assertThat(options.wantsSystem("jobs4j-deleting")).isTrue();
    assertThat(options.wantsSystem("jobrunr")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "--jobs 0, --jobs must be a number >= 1",
    "--rounds many, --rounds must be a number >= 1",
    "--database oracle, '--database must be postgresql, mariadb or h2'",
    "--out, --out needs a value",
    "--job 5, '\"--job\" is not an option'"
  })
  void aWrongWordIsRefusedByName(String words, String message) {
    assertThatThrownBy(() -> Options.parse(words.split(" ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
