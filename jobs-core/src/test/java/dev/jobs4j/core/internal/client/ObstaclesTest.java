package dev.jobs4j.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Explanation;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Obstacle;
import dev.jobs4j.api.Obstacle.Kind;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.LiveEngine;
import dev.jobs4j.spi.Standing;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is made of how a job stands, where no store can be brought to stand so. */
class ObstaclesTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final JobId ID = new JobId(UUID.randomUUID());

  private final AtomicInteger tries = new AtomicInteger();

  private Explanation explain(Standing... looks) {
    Deque<Standing> left = new ArrayDeque<>(Arrays.asList(looks));
    JobRecords records =
        (JobRecords)
            Proxy.newProxyInstance(
                JobRecords.class.getClassLoader(),
                new Class<?>[] {JobRecords.class},
                (proxy, called, arguments) ->
                    switch (called.getName()) {
                      case "standing" -> Optional.of(left.size() > 1 ? left.poll() : left.peek());
                      case "isLocked" -> tries.incrementAndGet() < 0;
                      default -> throw new AssertionError(called);
                    });
    return Obstacles.explain(records, ID).orElseThrow();
  }

  private static Standing standing(
      JobState state, int ahead, List<Pause> pauses, LiveEngine... engines) {
    Job job =
        Job.builder(ID, "mail", JobQueue.DEFAULT, state)
            .times(NOON, NOON, state.isTerminal() ? NOON : null)
            .build();
    return new Standing(job, NOON, Standing.Waits.NOTHING, ahead, pauses, List.of(engines));
  }

  private static LiveEngine engine(String name) {
    return engine(name, 0);
  }

  private static LiveEngine engine(String name, int running) {
    EngineInfo info =
        new EngineInfo(
            new EngineId(UUID.randomUUID()),
            name,
            "1",
            Duration.ofSeconds(30),
            Map.of(JobQueue.DEFAULT, 5),
            Map.of("mail", 1));
    return new LiveEngine(info, running, 0, false);
  }

  private static Pause pause(String node, Instant end) {
    return new Pause(Pause.node(node), new Operator("ann", "works"), NOON, end);
  }

  @Test
  void whatEndedBetweenTwoReadsHasNoDeadNode() {
    Explanation why =
        explain(
            standing(JobState.RUNNING, 0, List.of(), engine("a")),
            standing(JobState.SUCCEEDED, 0, List.of(), engine("a")));

    assertThat(why.obstacles()).extracting(Obstacle::kind).containsExactly(Kind.ENDED);
  }

  @Test
  void ofPausedNodesTheOneThatGoesOnFirstCounts() {
    List<Pause> pauses =
        List.of(pause("a", null), pause("b", NOON.plusSeconds(9)), pause("c", NOON.plusSeconds(5)));
    Explanation why =
        explain(standing(JobState.PENDING, 0, pauses, engine("a"), engine("b"), engine("c")));

    assertThat(why.obstacles()).extracting(Obstacle::kind).containsExactly(Kind.NODE_PAUSED);
    assertThat(why.obstacles().get(0).until()).contains(NOON.plusSeconds(5));
  }

  @Test
  void aLockIsTriedForOnlyWhereNothingElseExplains() {
    explain(standing(JobState.PENDING, 3, List.of(), engine("a")));
    assertThat(tries).hasValue(0);
    explain(standing(JobState.PENDING, 0, List.of(), engine("a")));
    assertThat(tries).hasValue(1);
  }

  @Test
  void whatANodeHasAtHandTakesNoPlaces() {
    Explanation why = explain(standing(JobState.PENDING, 0, List.of(), engine("a", 300)));

    assertThat(why.obstacles()).extracting(Obstacle::kind).containsExactly(Kind.BUSY);
    assertThat(why.obstacles().get(0).text()).startsWith("5 of 5 places");
  }
}
