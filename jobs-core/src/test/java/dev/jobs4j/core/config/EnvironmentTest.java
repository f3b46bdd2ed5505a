package dev.jobs4j.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve(".env");
  }

  private Environment of(String dotEnv) throws Exception {
    Files.writeString(file, dotEnv);
    return Environment.of(Map.of(), file);
  }

  @Test
  void theProcessComesBeforeTheFileAndTheFileBeforeTheDefault() throws Exception {
    Files.writeString(file, "A=file\nB=file\nC=\n");
    Environment environment = Environment.of(Map.of("A", "process", "B", " "), file);
    assertThat(environment.text("A")).hasValue("process");
    assertThat(environment.text("B")).as("blank counts as not set").hasValue("file");
    assertThat(environment.text("C")).isEmpty();
    assertThat(environment.text("D")).isEmpty();
    assertThat(environment.names()).containsExactly("A", "B");
    assertThat(environment).hasToString("Environment[A, B]");
  }

  @Test
  void whatIsNotSetInOnePlaceIsTakenFromTheNext() throws Exception {
    Environment fallback = of("A=file\nB=file\nC=x\n");
    Environment environment =
        Environment.of(Map.of("A", "process", "B", " "))
            .or(fallback)
            .or(Environment.of(Map.of("D", "4")));
    assertThat(environment.text("A")).hasValue("process");
    assertThat(environment.text("B")).as("blank counts as not set").hasValue("file");
    assertThat(environment.number("D", 1, 9)).hasValue(4);
    assertThatThrownBy(() -> environment.number("C", 1, 9)).hasMessageContaining("from " + file);
    assertThat(fallback.names()).as("left as it was").containsExactly("A", "B", "C");
  }

  @Test
  void withoutAFileThereIsTheProcess() {
    assertThat(Environment.of(Map.of("A", "1"), file).text("A")).hasValue("1");
    assertThat(Environment.system().text("PATH")).hasValue(System.getenv("PATH").strip());
  }

  @Test
  void theFileIsReadAsOthersReadIt() throws Exception {
    Environment environment =
        of(
            """
            \uFEFF# a comment
            PLAIN=one two # a comment
              export  INDENTED = x=y#z \s

            SINGLE='a # "b" \\n $C' # a comment
            DOUBLE="a # 'b' \\"c\\" \\\\ \\n\\t\\$D \\x"
            LINES="-----BEGIN
            # not a comment
            END-----"
            TWICE=1
            TWICE=2
            NOTHING=# a comment
            DOTTED.name_1=é
            LAST=end""");
    assertThat(environment.text("PLAIN")).hasValue("one two");
    assertThat(environment.text("INDENTED")).hasValue("x=y#z");
    assertThat(environment.text("SINGLE")).hasValue("a # \"b\" \\n $C");
    assertThat(environment.text("DOUBLE")).hasValue("a # 'b' \"c\" \\ \n\t$D \\x");
    assertThat(environment.text("LINES")).hasValue("-----BEGIN\n# not a comment\nEND-----");
    assertThat(environment.text("TWICE")).hasValue("2");
    assertThat(environment.text("NOTHING")).isEmpty();
    assertThat(environment.text("DOTTED.name_1")).hasValue("é");
    assertThat(environment.text("LAST")).hasValue("end");
    assertThat(of("A=1\r\nB='x'\rC=3").names()).containsExactly("A", "B", "C");
  }

  @ParameterizedTest
  @CsvSource({
    "'A=1\nsecret', line 2 is not NAME=value",
    "'=secret', line 1 is not NAME=value",
    "'1A=secret', line 1 is not NAME=value",
    "'A B=secret', line 1 is not NAME=value",
    "'\n\nA=\"secret\nsecret', line 3 begins a quote that does not end",
    "'A=\"secret\\\"', line 1 begins a quote that does not end",
    "'A=1\nB=\"x\" secret', line 2 has text after its closing quote"
  })
  void aLineThatCannotBeReadIsNamedAndNotTold(String dotEnv, String message) {
    assertThatThrownBy(() -> of(dotEnv.replace("'\\''", "'")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws Exception {
    Files.createDirectory(file);
    assertThatThrownBy(() -> Environment.of(Map.of(), file))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith(file + " cannot be read as UTF-8 text");
    Path latin = folder.resolve("latin.env");
    Files.write(latin, new byte[] {'A', '=', (byte) 0xE9});
    assertThatThrownBy(() -> Environment.of(Map.of(), latin))
        .hasMessageStartingWith(latin + " cannot be read as UTF-8 text");
  }

  @Test
  void valuesAreReadAsPeopleWriteThem() throws Exception {
    Environment environment =
        of("N=7\nT=TRUE\nF=false\nD=90s\nI=PT1H\nS=64 kb\nM=1MB\nB=100\nG=1gb\nX=5B\n");
    assertThat(environment.number("N", 1, 7)).hasValue(7);
    assertThat(environment.flag("T")).hasValue(true);
    assertThat(environment.flag("F")).hasValue(false);
    assertThat(environment.duration("D")).hasValue(Duration.ofSeconds(90));
    assertThat(environment.duration("I")).hasValue(Duration.ofHours(1));
    assertThat(environment.bytes("S")).hasValue(65_536);
    assertThat(environment.bytes("M")).hasValue(1_048_576);
    assertThat(environment.bytes("B")).hasValue(100);
    assertThat(environment.bytes("G")).hasValue(1 << 30);
    assertThat(environment.bytes("X")).hasValue(5);
    assertThat(environment.number("NONE", 1, 2)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "8", "seven", "1.5", "99999999999"})
  void aWrongNumberIsToldWithWhatIsAllowed(String value) throws Exception {
    Environment environment = of("N=" + value);
    assertThatThrownBy(() -> environment.number("N", 1, 7))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage(
            "N must be a whole number from 1 to 7, was \"" + value + "\" (from " + file + ")");
  }

  @Test
  void otherWrongValuesAreToldWithWhatIsAllowed() {
    Environment environment =
        Environment.of(
            Map.of("F", "yes", "D", "soon", "S", "3GB", "N", "0", "L", "99999999999999999 KB"),
            file);
    assertThatThrownBy(() -> environment.flag("F"))
        .hasMessage("F must be true or false, was \"yes\" (from the environment)");
    assertThatThrownBy(() -> environment.duration("D"))
        .hasMessage(
            "D must be a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S, was \"soon\" (from the"
                + " environment)");
    assertThatThrownBy(() -> environment.bytes("S"))
        .hasMessage(
            "S must be a size from 1B to below 2GB, such as 65536, 64KB or 1MB, was \"3GB\" (from the"
                + " environment)");
    assertThatThrownBy(() -> environment.bytes("L")).hasMessageStartingWith("L must be a size");
    assertThatThrownBy(() -> environment.number("N", 1, Integer.MAX_VALUE))
        .hasMessage("N must be a whole number of at least 1, was \"0\" (from the environment)");
  }
}
