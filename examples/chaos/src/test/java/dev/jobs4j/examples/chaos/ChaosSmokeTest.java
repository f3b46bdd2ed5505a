package dev.jobs4j.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.examples.chaos.check.History;
import dev.jobs4j.examples.chaos.check.Verdict;
import dev.jobs4j.examples.chaos.nemesis.Fault;
import dev.jobs4j.tck.BackendReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The run of CI, about five minutes; {@code -Djobs4j.chaos=nightly} makes it the long one and
 * {@code -Djobs4j.chaos.seed=N} repeats a choice of faults. What was written stays in {@code
 * target/chaos}.
 */
class ChaosSmokeTest {

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void everyPromiseHoldsWhileEverythingBreaks() throws Exception {
    Path target = Files.createDirectories(Path.of("target", "chaos"));
    List<String> args = new ArrayList<>();
    args.addAll(List.of("--out", Files.createTempDirectory(target, "run-").toString()));
    if (System.getProperty("jobs4j.chaos", "").equals("nightly")) {
      args.add("--nightly");
    }
    String seed = System.getProperty("jobs4j.chaos.seed");
    if (seed != null) {
      args.addAll(List.of("--seed", seed));
    }
    Options options = Options.parse(args.toArray(String[]::new));
    System.out.println(Chaos.described(options));

    Verdict verdict = Chaos.run(options);
    BackendReport.used(
        ChaosSmokeTest.class,
        "PostgreSQL " + System.getProperty("jobs4j.chaos.postgres"),
        BackendReport.REAL);

    System.out.print(verdict.text());
    assertThat(verdict.violations()).as(Chaos.described(options)).isEmpty();
    History history = verdict.history();
    assertThat(history.count(Fault.KILL)).isGreaterThanOrEqualTo(options.size().kills());
    assertThat(history.count(Fault.FREEZE)).isGreaterThanOrEqualTo(options.size().freezes());
    assertThat(history.partitions()).isGreaterThanOrEqualTo(options.size().partitions());
    assertThat(history.count(Fault.CUT)).isGreaterThanOrEqualTo(options.size().cuts());
    assertThat(history.count(Fault.DATABASE_KILL))
        .isGreaterThanOrEqualTo(options.size().databaseKills());
    assertThat(verdict.jobs()).isGreaterThanOrEqualTo(options.size().jobs());
  }
}
