package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Obstacle;
import dev.jobs4j.api.Obstacle.Kind;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.spi.Capability;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Any node can tell why a job is not running, as nodes say what they work and know. */
abstract class ExplainRunCases extends EngineCases {

  private static final JobType<String> TYPE = JobType.of("tck.explained", String.class);

  private final CountDownLatch go = new CountDownLatch(1);

  @BeforeEach
  void answersQuestions() {
    assumeTrue(can(Capability.RECORDS), "answers no questions about single jobs");
  }

  private void startBlocked() {
    start(node().handler(TYPE, (payload, context) -> go.await(1, TimeUnit.MINUTES), handled()));
  }

  private static List<Obstacle> obstacles(Jobs jobs, JobId id) {
    return jobs.explain(id).orElseThrow().obstacles();
  }

  private static void awaitKind(Jobs jobs, JobId id, Kind kind) {
    Eventually.until(
        kind + " is told",
        Eventually.PATIENCE,
        () -> obstacles(jobs, id).stream().map(Obstacle::kind).toList().equals(List.of(kind)),
        () -> String.valueOf(obstacles(jobs, id)));
  }

  @Test
  void anEngineSaysWhichQueueItWorksAndWhatItKnows() {
    Jobs elsewhere = enqueueOnly();
    JobId early = elsewhere.enqueue(TYPE.request("a").queue(queue.name())).id();
    awaitKind(elsewhere, early, Kind.NO_NODE);
    startBlocked();
    awaitKind(elsewhere, early, Kind.RUNNING);
    JobId unknown =
        elsewhere
            .enqueue(JobType.of("tck.unknown", String.class).request("b").queue(queue.name()))
            .id();
    JobId newer = elsewhere.enqueue(TYPE.version(7).request("c").queue(queue.name())).id();

    assertThat(obstacles(elsewhere, early).get(0).text()).contains("attempt 1", "tck");
    awaitKind(elsewhere, unknown, Kind.UNKNOWN_TYPE);
    awaitKind(elsewhere, newer, Kind.NEWER_VERSION);
    go.countDown();
    awaitKind(elsewhere, early, Kind.ENDED);
  }

  @Test
  void anEngineSaysHowManyPlacesItHas() {
    Jobs elsewhere = enqueueOnly();
    startBlocked();
    for (int i = 0; i < 4; i++) {
      JobId running = elsewhere.enqueue(TYPE.request("a").queue(queue.name())).id();
      awaitKind(elsewhere, running, Kind.RUNNING);
    }
    JobId waiting = elsewhere.enqueue(TYPE.request("b").queue(queue.name())).id();

    awaitKind(elsewhere, waiting, Kind.BUSY);
    assertThat(elsewhere.explain(waiting).orElseThrow().isClaimable()).isTrue();
    assertThat(obstacles(elsewhere, waiting).get(0).text()).contains("4 of 4");
    go.countDown();
    awaitKind(elsewhere, waiting, Kind.ENDED);
  }

  @Test
  void whatNoStoreKnowsIsNotExplained() {
    assertThat(enqueueOnly().explain(JobId.parse("01890000-0000-7000-8000-000000000000")))
        .isEmpty();
  }
}
