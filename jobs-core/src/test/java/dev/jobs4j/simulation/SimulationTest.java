package dev.jobs4j.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What ships, under all that can go wrong. {@code -Djobs4j.seeds=n} runs so many seeds, {@code
 * -Djobs4j.seed=n} one alone, and tells all that happens if it fails.
 */
@Tag("once")
class SimulationTest {

  private static final int SEEDS = 2_000;
  private static final Path FIGURES = Path.of("target", "simulation.txt");

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

  @Test
  @Timeout(value = 4, unit = TimeUnit.HOURS)
  void whateverGoesWrongEveryInvariantHolds() throws Exception {
    Long alone = Long.getLong("jobs4j.seed");
    if (alone != null) {
      try (Simulation simulation = new Simulation(Integer.MAX_VALUE)) {
        Simulation.Result result = simulation.run(alone);
        assertThat(result.breach()).as(result.report()).isNull();
      }
      return;
    }
    int seeds = Integer.getInteger("jobs4j.seeds", SEEDS);
    Figures figures = run(seeds);
    System.out.println(figures);
    Files.writeString(FIGURES, figures + System.lineSeparator());
    if (seeds >= SEEDS) {
      everythingHasHappened(figures);
    }
  }

  /** A rule that was never checked, or a fault that never came, proves nothing. */
  private static void everythingHasHappened(Figures figures) {
    for (Rule rule : Rule.values()) {
      assertThat(figures.checks(rule)).as("checks of %s", rule).isPositive();
    }
    for (Network.Way way : Network.Way.values()) {
      if (way != Network.Way.WELL) {
        assertThat(figures.of(way)).as("%s", way).isPositive();
      }
    }
    for (String fault :
        List.of("crashes", "freezes", "outages", "clock jumps", "stops", "leaked slots")) {
      assertThat(figures.of(fault)).as(fault).isPositive();
    }
  }

  private static Figures run(int seeds) throws Exception {
    AtomicLong next = new AtomicLong();
    AtomicBoolean failed = new AtomicBoolean();
    List<Future<Figures>> parts = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 2; i++) {
        parts.add(threads.submit(() -> runSome(next, seeds, failed)));
      }
      Figures all = new Figures();
      for (Future<Figures> part : parts) {
        all.add(part.get());
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Figures runSome(AtomicLong next, int seeds, AtomicBoolean failed) {
    Figures figures = new Figures();
    try (Simulation simulation = new Simulation(Simulation.TAIL)) {
      for (long seed = next.incrementAndGet();
          seed <= seeds && !failed.get();
          seed = next.incrementAndGet()) {
        Simulation.Result result = simulation.run(seed);
        figures.add(result.figures());
        if (result.breach() != null) {
          failed.set(true);
          throw new AssertionError(result.report());
        }
      }
    }
    return figures;
  }

  @Test
  void theSameSeedIsTheSameRunWhateverRanBefore() {
    List<Long> first = new ArrayList<>();
    List<Long> again = new ArrayList<>();
    try (Simulation simulation = new Simulation(1)) {
      for (long seed = 1; seed <= 20; seed++) {
        first.add(simulation.run(seed).hash());
      }
    }
    try (Simulation simulation = new Simulation(1)) {
      for (long seed = 20; seed >= 1; seed--) {
        again.add(0, simulation.run(seed).hash());
      }
    }
    assertThat(again).isEqualTo(first).doesNotHaveDuplicates();
  }

  @Test
  void anotherProcessRunsASeedAlike() throws Exception {
    long seed = 7;
    String here;
    try (Simulation simulation = new Simulation(1)) {
      here = Long.toHexString(simulation.run(seed).hash());
    }
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes,
                Replay.class.getName(),
                Long.toString(seed))
            .redirectErrorStream(true)
            .start();
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor()).as(said).isZero();
    assertThat(said.lines()).contains("hash " + here);
  }
}
