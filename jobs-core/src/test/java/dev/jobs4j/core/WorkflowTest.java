package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Workflow;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Chains, fan-outs and follow-ups through the whole engine. */
class WorkflowTest {

  private static final JobType<String> STEP = JobType.of("step", String.class);
  private static final JobType<Integer> CHILD = JobType.of("child", Integer.class);
  private static final JobType<String> REPORT = JobType.of("report", String.class);

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final BlockingQueue<String> ran = new LinkedBlockingQueue<>(20_000);

  private JobsBuilder builder() {
    return Jobs.builder()
        .store(store)
        .handler(STEP, (text, context) -> ran.add(text))
        .handler(REPORT, (text, context) -> ran.add(text))
        .handler(
            CHILD,
            (number, context) -> {
              if (number < 0) {
                throw new IllegalStateException("negative");
              }
              return null;
            },
            HandlerOptions.defaults().retry(RetryPolicy.never()));
  }

  private String next() throws InterruptedException {
    return String.valueOf(ran.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void aChainRunsInItsOrder() throws InterruptedException {
    try (Jobs jobs = builder().start()) {
      jobs.submit(
          Workflow.chain(
              STEP.request("a"), STEP.request("b").delay(Duration.ZERO), STEP.request("c")));

      assertThat(List.of(next(), next(), next())).containsExactly("a", "b", "c");
    }
  }

  @Test
  void aFanInRunsOnceAfterTenThousandChildren() throws InterruptedException {
    try (Jobs jobs = builder().workers(WorkerOptions.of(50)).start()) {
      List<Enqueued> enqueued =
          jobs.submit(
              Workflow.fanOut(IntStream.range(0, 10_000).boxed().toList(), CHILD::request)
                  .then(REPORT.request("all")));
      assertThat(enqueued).hasSize(10_001);

      assertThat(next()).isEqualTo("all");
      assertThat(enqueued.subList(0, 10_000))
          .allMatch(child -> jobs.find(child.id()).orElseThrow().state() == JobState.SUCCEEDED);
      assertThat(ran).isEmpty();
    }
  }

  @Test
  void aFailedChildKeepsTheCallbackWaitingUnlessItRunsAnyway() throws InterruptedException {
    try (Jobs jobs = builder().start()) {
      List<Enqueued> strict =
          jobs.submit(
              Workflow.fanOut(List.of(1, -1), CHILD::request).then(REPORT.request("strict")));
      jobs.submit(
          Workflow.fanOut(List.of(2, -2), CHILD::request).thenAnyway(REPORT.request("anyway")));

      assertThat(next()).isEqualTo("anyway");
      Job waiting = jobs.find(strict.get(2).id()).orElseThrow();
      assertThat(waiting.state()).isEqualTo(JobState.PENDING);
      assertThat(waiting.blockReason()).contains(BlockReason.PARENTS);
    }
  }

  @Test
  void stepsMeetAgain() throws InterruptedException {
    Workflow diamond = Workflow.create();
    Workflow.Step top = diamond.add(STEP.request("top"));
    Workflow.Step left = diamond.add(STEP.request("left")).after(top);
    Workflow.Step right = diamond.add(STEP.request("right")).after(top);
    diamond.add(STEP.request("bottom")).after(left, right);
    try (Jobs jobs = builder().start()) {
      jobs.submit(diamond);

      assertThat(next()).isEqualTo("top");
      assertThat(List.of(next(), next())).containsExactlyInAnyOrder("left", "right");
      assertThat(next()).isEqualTo("bottom");
    }
  }

  @Test
  void aStepWaitsOnlyForThoseBeforeIt() {
    Workflow workflow = Workflow.create();
    Workflow.Step first = workflow.add(STEP.request("a"));
    Workflow.Step second = workflow.add(STEP.request("b"));
    Workflow.Step foreign = Workflow.create().add(STEP.request("c"));

    assertThatThrownBy(() -> first.after(second))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("added to its workflow before it");
    assertThatThrownBy(() -> second.after(foreign)).isInstanceOf(InvalidJobException.class);
  }

  @Test
  void whatFollowsIsThereWithTheSuccessAndWithoutAPoll() throws InterruptedException {
    JobType<String> first = JobType.of("first", String.class);
    try (Jobs jobs =
        builder()
            .handler(
                first,
                (text, context) ->
                    JobOutcome.done().follow(STEP.request(text)).follow(REPORT.request("r")))
            .start()) {
      jobs.enqueue(first, "followed");

      assertThat(List.of(next(), next())).containsExactlyInAnyOrder("followed", "r");
    }
  }

  @Test
  void whatFollowsIntoAnotherStoreIsEnqueuedToo() throws InterruptedException {
    JobType<String> first = JobType.of("first", String.class).onQueue("far");
    try (Jobs jobs =
        builder()
            .store("far", InMemoryJobStore.create(), "far")
            .handler(first, (text, context) -> JobOutcome.done().follow(STEP.request(text)))
            .start()) {
      jobs.enqueue(first, "across");

      assertThat(next()).isEqualTo("across");
    }
  }

  @Test
  void aFollowerThatWaitsIsRefused() {
    try (Jobs jobs = builder().enqueueOnly()) {
      Enqueued other = jobs.enqueue(STEP, "x");
      assertThatThrownBy(() -> JobOutcome.done().follow(STEP.request("y").after(other.id())))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("cannot wait for others");
    }
  }

  @Test
  void aFollowerThatCannotBeStoredMakesADeadLetter() throws InterruptedException {
    JobType<String> first = JobType.of("first", String.class);
    try (Jobs jobs =
        builder()
            .handler(
                first,
                (text, context) -> JobOutcome.done().follow(STEP.request("x".repeat(2_000_000))))
            .listener(
                event -> {
                  if (event instanceof JobEvent.Died died) {
                    ran.add(died.failure().message());
                  }
                })
            .start()) {
      jobs.enqueue(first, "t");

      assertThat(next()).contains("maxPayloadBytes is");
    }
  }
}
