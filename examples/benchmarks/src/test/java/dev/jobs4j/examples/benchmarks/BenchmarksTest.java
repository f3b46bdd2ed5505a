package dev.jobs4j.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jobs4j.examples.benchmarks.database.Database.Product;
import dev.jobs4j.examples.benchmarks.scenario.Goals;
import dev.jobs4j.examples.benchmarks.scenario.Scenario;
import dev.jobs4j.examples.benchmarks.scenario.Scenarios;
import dev.jobs4j.examples.benchmarks.scenario.Size;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program works, at tiny numbers; how fast anything is, is not asked here. */
class BenchmarksTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private List<JsonNode> run(String... words) throws Exception {
    Path file = folder.resolve("lines.jsonl");
    List<String> args = new ArrayList<>(List.of("--smoke", "--out", file.toString()));
    args.addAll(List.of(words));
    int failures =
        Benchmarks.run(
            Options.parse(args.toArray(String[]::new)),
            new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertThat(failures).as(printed()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static Set<String> measured(List<JsonNode> lines) {
    return lines.stream()
        .filter(line -> line.get("kind").asText().startsWith("round"))
        .filter(line -> !line.get("figures").isEmpty())
        .map(line -> line.get("scenario").asText() + ": " + line.get("entrant").asText())
        .collect(Collectors.toSet());
  }

  private static Set<String> entrants(Product product) {
    return Scenarios.all(Size.smoke(), product).stream()
        .flatMap(
            scenario ->
                scenario.entrants().stream()
                    .filter(
                        entrant ->
                            entrant.system().startsWith("limit")
                                || entrant.system().startsWith("jobs4j"))
                    .map(entrant -> scenario.name() + ": " + entrant.label()))
        .collect(Collectors.toSet());
  }

  @Test
  void everyScenarioMeasuresTheLibraryAndTheLimitOnPostgres() throws Exception {
    List<JsonNode> lines = run("--systems", "limit,jobs4j,threads");

    assertThat(measured(lines)).containsAll(entrants(Product.POSTGRESQL));
    assertThat(printed()).contains("PostgreSQL 15", "fsync=on", "synchronous_commit=on");
    assertThat(lines.get(0).get("machine").asText()).contains("processors");
    Set<String> judged =
        lines.stream()
            .filter(line -> line.get("kind").asText().equals("goal"))
            .map(line -> line.get("goal").asText())
            .collect(Collectors.toSet());
    assertThat(judged)
        .containsAll(
            Goals.of(Product.POSTGRESQL, Size.smoke()).stream()
                .map(goal -> goal.text())
                .filter(text -> !text.matches(".*(db-scheduler|jobrunr|quartz)$"))
                .toList());
  }

  @Test
  void aPeerTakesTurnsWithTheLimit() throws Exception {
    List<JsonNode> lines = run("--scenarios", "drain", "--systems", "limit-hot,db-scheduler");

    assertThat(measured(lines))
        .containsExactlyInAnyOrder("drain: limit-hot", "drain: db-scheduler");
    assertThat(printed()).contains("db-scheduler-16");
  }

  @Test
  void theLibraryAndTheLimitAreMeasuredOnH2() throws Exception {
    List<JsonNode> lines =
        run("--database", "h2", "--scenarios", "drain,enqueue,mixed", "--systems", "limit,jobs4j");

    assertThat(measured(lines))
        .contains("drain: limit", "drain: jobs4j-deleting", "enqueue: jobs4j", "mixed: jobs4j");
  }

  @Test
  void aScenarioThatThereIsNotIsRefusedByName() {
    assertThatThrownBy(() -> run("--scenarios", "drain,dive"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--scenarios")
        .hasMessageContaining("\"dive\"")
        .hasMessageContaining("drain-kept");
  }

  @Test
  void theReadmeNamesEveryScenario() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    assertThat(Scenarios.all(Size.full(), Product.POSTGRESQL).stream().map(Scenario::name))
        .allSatisfy(name -> assertThat(readme).contains("| `" + name + "` |"));
  }
}
