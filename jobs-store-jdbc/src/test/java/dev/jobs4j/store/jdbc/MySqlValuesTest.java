package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A list becomes one of few texts, whatever its length. */
class MySqlValuesTest {

  private static final Pattern PLACE = Pattern.compile("\\?");
  private final Command command =
      new Command(
          "DELETE FROM t WHERE a = ANY (?) AND b = ANY (?)", new MySqlValues(Integer.MAX_VALUE));

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "2, 4", "4, 4", "5, 16", "16, 16", "17, 64", "1000, 1024"})
  void aListIsPadded(int size, int places) {
    String words = new MySqlValues(Integer.MAX_VALUE).anyOf(size);
    assertThat(PLACE.matcher(words).results().count()).isEqualTo(places);
    assertThat(words).startsWith("IN (?").endsWith("?)");
  }

  @Test
  void aThousandLengthsAreSixTexts() {
    Set<String> texts = new TreeSet<>();
    for (int size = 1; size <= 1_000; size++) {
      texts.add(new MySqlValues(Integer.MAX_VALUE).anyOf(size));
    }
    assertThat(texts).hasSize(6);
  }

  @Test
  void eachListHasItsOwnLength() {
    assertThat(command.text(List.of(1, 2)))
        .isEqualTo("DELETE FROM t WHERE a IN (?) AND b IN (?, ?, ?, ?)");
  }
}
