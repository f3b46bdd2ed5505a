package dev.jobs4j.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the tester: known bugs are built in, one at a time, and each must be found by the rule that
 * it breaks; a seed in which it breaks another one first does not count.
 */
@Tag("once")
class BugZooTest {

  private static final int SEEDS = 2_000;

  private static @Nullable Logs logs;

  @BeforeAll
  static void beQuiet() {
    logs = new Logs();
  }

  @AfterAll
  static void beLoud() {
    if (logs != null) {
      logs.close();
    }
  }

  static List<Zoo.Animal> animals() {
    return Zoo.all();
  }

  @ParameterizedTest
  @MethodSource("animals")
  void aKnownBugIsFoundByTheRuleThatItBreaks(Zoo.Animal animal) {
    try (Simulation simulation = new Simulation(Simulation.TAIL)) {
      for (int seed = 1; seed <= SEEDS; seed++) {
        Simulation.Result result = simulation.run(seed, animal.bug(), animal.habitat());
        Verdict.Breach breach = result.breach();
        if (breach != null && breach.rule() == animal.rule()) {
          System.out.printf("%-48s found by seed %4d: %s%n", animal, seed, breach);
          return;
        }
      }
    }
    throw new AssertionError(animal.rule() + " has not found in " + SEEDS + " seeds: " + animal);
  }
}
