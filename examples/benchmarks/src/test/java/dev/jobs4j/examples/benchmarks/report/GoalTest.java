package dev.jobs4j.examples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.examples.benchmarks.report.Goal.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoalTest {

  private final Results results = new Results();

  private void rounds(String label, double... rates) {
    for (double rate : rates) {
      results.add("drain", label, Map.of("jobs/s", rate));
    }
  }

  @Test
  void aRatioIsTheMedianOfTheRatiosOfEachRound() {
    rounds("limit", 100, 200, 50);
    rounds("mine", 90, 100, 40);

    assertThat(results.ratio("drain", "mine", "jobs/s", "limit")).hasValue(0.8);
    assertThat(results.median("drain", "mine", "jobs/s")).hasValue(90);
  }

  @Test
  void theMedianOfAnEvenNumberOfRoundsLiesBetweenTheTwoInTheMiddle() {
    rounds("mine", 1, 10, 2, 4);

    assertThat(results.median("drain", "mine", "jobs/s")).hasValue(3);
  }

  @Test
  void aShareThatIsReachedIsMetAndOneThatIsNotIsNot() {
    rounds("limit", 100);
    rounds("mine", 70);

    assertThat(Goal.share("drain", "jobs/s", "mine", "limit", 0.7).verdict(results))
        .isEqualTo(Verdict.MET);
    assertThat(Goal.share("drain", "jobs/s", "mine", "limit", 0.71).verdict(results))
        .isEqualTo(Verdict.NOT_MET);
  }

  @Test
  void aLatencyMayExceedItsBoundWhereTheLimitOfTheSameRunIsSlowToo() {
    rounds("limit", 10);
    rounds("mine", 12);

    assertThat(Goal.atMost("drain", "jobs/s", "mine", 5, "limit", 1.3).verdict(results))
        .isEqualTo(Verdict.MET);
    assertThat(Goal.atMost("drain", "jobs/s", "mine", 5, "limit", 1.1).verdict(results))
        .isEqualTo(Verdict.NOT_MET);
    assertThat(Goal.atMost("drain", "jobs/s", "mine", 5).verdict(results))
        .isEqualTo(Verdict.NOT_MET);
    assertThat(Goal.atLeast("drain", "jobs/s", "mine", 5).verdict(results)).isEqualTo(Verdict.MET);
  }

  @Test
  void whatWasNotMeasuredIsNeitherMetNorNot() {
    rounds("mine", 12);

    assertThat(Goal.share("drain", "jobs/s", "mine", "limit", 0.7).verdict(results))
        .isEqualTo(Verdict.UNKNOWN);
    assertThat(Goal.atMost("idle", "threads", "mine", 4).verdict(results))
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void aTableHasTheMedianTheRangeAndTheRatio() {
    rounds("limit", 100_000, 110_000, 120_000);
    rounds("mine", 50_000, 99_000, 60_000);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Table table = new Table(results, "drain", List.of("jobs/s", "not measured"));
    table.row("limit", null);
    table.row("mine", "limit");
    table.row("absent", "limit");

    table.print(new PrintStream(printed, true, StandardCharsets.UTF_8));

    assertThat(printed.toString(StandardCharsets.UTF_8).trim().lines().map(String::trim))
        .satisfiesExactly(
            head -> assertThat(head).matches("drain +jobs/s +min-max +ratio +against"),
            limit -> assertThat(limit).matches("limit +110,000 +100,000 - 120,000"),
            mine -> assertThat(mine).matches("mine +60,000 +50,000 - 99,000 +0.500 +limit"));
  }
}
