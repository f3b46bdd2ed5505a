package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole engines, the very classes that ship, in one thread and in made-up time: the order of all
 * steps comes from a seed, so a run can be repeated.
 */
class SimulatedEngineTest {

  private static final int JOBS = 40;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void everyJobEndsWhateverTheOrderOfSteps(long seed) {
    Run run = new Run(seed);
    run.play();
    assertThat(run.states()).as("seed %d", seed).isEqualTo(Map.of(JobState.SUCCEEDED, (long) JOBS));
  }

  @ParameterizedTest
  @ValueSource(longs = {17, 18})
  void theSameSeedGivesTheSameRun(long seed) {
    Run first = new Run(seed);
    first.play();
    Run second = new Run(seed);
    second.play();
    assertThat(second.trace).isEqualTo(first.trace);
  }

  /**
   * Three nodes, one of which freezes for longer than its lease, and handlers that fail at times.
   */
  private static final class Run {
    final World world;
    final List<String> trace = new ArrayList<>();
    private final List<World.Node> nodes = new ArrayList<>();
    private final List<JobId> ids = new ArrayList<>();
    private final Map<JobId, AtomicInteger> runs = new TreeMap<>();

    Run(long seed) {
      world = new World(seed);
      for (int i = 0; i < 3; i++) {
        nodes.add(world.node((payload, context) -> handle(context.jobId(), context.attempt())));
      }
      for (int i = 0; i < JOBS; i++) {
        ids.add(world.enqueue());
      }
    }

    private Object handle(JobId id, int attempt) {
      runs.computeIfAbsent(id, x -> new AtomicInteger()).incrementAndGet();
      if (attempt < 4 && world.random.nextInt(4) == 0) {
        throw new IllegalStateException("at times");
      }
      return id.toString();
    }

    void play() {
      int frozenUntil = 0;
      for (int turn = 0; turn < 20_000 && !ended(); turn++) {
        if (turn > frozenUntil + 500 && world.random.nextInt(500) == 0) {
          frozenUntil = turn + 400;
        }
        // the first node takes no steps while it is frozen
        int from = turn < frozenUntil ? 1 : 0;
        World.Node node = nodes.get(from + world.random.nextInt(nodes.size() - from));
        step(node);
        world.advance(Duration.ofMillis(world.random.nextInt(400)));
      }
    }

    private void step(World.Node node) {
      List<String> loops = node.loopNames();
      int choice = world.random.nextInt(loops.size() + 2);
      if (choice < loops.size()) {
        node.step(loops.get(choice));
        trace.add(nodes.indexOf(node) + loops.get(choice) + world.events.size());
      } else if (!node.handlers.isEmpty()) {
        node.handle();
        trace.add(nodes.indexOf(node) + "handle" + world.events.size());
      }
    }

    private boolean ended() {
      return ids.stream().allMatch(id -> state(id).isTerminal());
    }

    private JobState state(JobId id) {
      return world.store.records().find(id).orElseThrow().state();
    }

    Map<JobState, Long> states() {
      return ids.stream().collect(Collectors.groupingBy(this::state, Collectors.counting()));
    }
  }
}
