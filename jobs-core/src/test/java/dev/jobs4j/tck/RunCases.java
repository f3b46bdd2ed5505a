package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Workflow;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.spi.Capability;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A job that is enqueued runs, and its handler is told the truth about it. */
abstract class RunCases extends EngineCases {

  static final JobType<Order> TYPE = JobType.of("tck.order", Order.class);

  @Test
  void anEnqueuedJobRunsWithItsPayload() {
    var seen = new ConcurrentLinkedQueue<Order>();
    Jobs jobs = start(node().handler(TYPE, (order, context) -> seen.add(order), handled()));
    jobs.enqueue(TYPE, ORDER);
    awaitEvent(JobEvent.Succeeded.class);
    assertThat(seen).containsExactly(ORDER);
  }

  @Test
  void aHandlerKnowsItsJob() {
    var seen = new ConcurrentLinkedQueue<JobContext>();
    Jobs jobs = start(node().handler(TYPE, (order, context) -> seen.add(context), handled()));
    Enqueued enqueued = jobs.enqueue(TYPE.request(ORDER).tenant("acme"));
    awaitEvent(JobEvent.Succeeded.class);
    JobContext context = seen.element();
    assertThat(context.jobId()).isEqualTo(enqueued.id());
    assertThat(context.type()).isEqualTo("tck.order");
    assertThat(context.queue()).isEqualTo(queue);
    assertThat(context.attempt()).isEqualTo(1);
    assertThat(context.tenant()).contains("acme");
    assertThat(context.fencingToken().isPresent()).isEqualTo(can(Capability.FENCING_TOKEN));
    assertThat(context.isCancelled()).isFalse();
    assertThat(context.isLeaseLost()).isFalse();
  }

  @Test
  void aLineIsRefusedWhereThereAreNone() {
    assumeTrue(!can(Capability.FIFO), "has lines");
    Jobs jobs = enqueueOnly();

    assertThatThrownBy(() -> jobs.enqueue(TYPE.request(ORDER).queue(queue.name()).fifo("k")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("cannot do fifo; put the job into a queue that lives in a store");
  }

  @Test
  void aJobEnqueuedBeforeAnyWorkerRunsLater() {
    Enqueued enqueued = enqueueOnly().enqueue(TYPE.request(ORDER).queue(queue.name()));
    start(node().handler(TYPE, (order, context) -> null, handled()));
    assertThat(awaitEvent(JobEvent.Succeeded.class).job().id()).isEqualTo(enqueued.id());
  }

  @Test
  void manyJobsAllRunOnce() {
    Map<JobId, AtomicInteger> runs = new ConcurrentHashMap<>();
    Jobs jobs =
        start(
            node()
                .workers(WorkerOptions.of(10))
                .handler(
                    TYPE,
                    (order, context) ->
                        runs.computeIfAbsent(context.jobId(), id -> new AtomicInteger())
                            .incrementAndGet(),
                    handled()));
    List<JobId> ids =
        jobs
            .enqueueAll(
                IntStream.range(0, 200)
                    .<JobRequest<?>>mapToObj(i -> TYPE.request(new Order("c", i, List.of())))
                    .toList())
            .stream()
            .map(Enqueued::id)
            .toList();
    Eventually.until("200 ended", () -> events(JobEvent.Succeeded.class).size() >= 200);
    assertThat(runs.keySet()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(runs.values()).allSatisfy(count -> assertThat(count).hasValue(1));
  }

  @Test
  void noMoreRunAtOnceThanThereAreSlots() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Jobs jobs =
        start(
            node()
                .workers(WorkerOptions.of(3))
                .handler(
                    TYPE,
                    (order, context) -> {
                      most.accumulateAndGet(running.incrementAndGet(), Math::max);
                      Eventually.pause(Duration.ofMillis(20));
                      return running.decrementAndGet();
                    },
                    handled()));
    for (int i = 0; i < 30; i++) {
      jobs.enqueue(TYPE, ORDER);
    }
    Eventually.until("30 ended", () -> events(JobEvent.Succeeded.class).size() >= 30);
    assertThat(most).hasValue(3);
  }

  @Test
  void severalNodesShareTheWork() {
    Set<JobId> ran = ConcurrentHashMap.newKeySet();
    Jobs first = start(node().handler(TYPE, (order, c) -> ran.add(c.jobId()), handled()));
    start(node().handler(TYPE, (order, c) -> ran.add(c.jobId()), handled()));
    List<JobId> ids =
        IntStream.range(0, 60).mapToObj(i -> first.enqueue(TYPE, ORDER).id()).toList();
    Eventually.until("all ran", () -> ran.containsAll(ids));
  }

  @Test
  void annotatedMethodsRunLikeFunctions() {
    queue = JobQueue.of("tck-annotated");
    Annotated bean = new Annotated();
    Jobs jobs = start(node().handlers(bean));
    jobs.enqueue(JobType.of("tck.annotated", Order.class), ORDER);
    awaitEvent(JobEvent.Succeeded.class);
    assertThat(bean.seen).containsExactly(ORDER);
  }

  /** A handler as an application writes it. */
  public static final class Annotated {
    final ConcurrentLinkedQueue<Order> seen = new ConcurrentLinkedQueue<>();

    /** Runs an order. */
    @JobHandler(type = "tck.annotated", queue = "tck-annotated")
    public void run(Order order, JobContext context) {
      context.throwIfCancelled();
      seen.add(order);
    }
  }

  @Test
  void listenersHearOfEachStepInOrder() {
    Jobs jobs = start(node().handler(TYPE, (order, context) -> null, handled()));
    jobs.enqueue(TYPE, ORDER);
    awaitEvent(JobEvent.Succeeded.class);
    List<String> steps = events.stream().map(event -> event.getClass().getSimpleName()).toList();
    assertThat(steps).containsOnlyOnce("Enqueued").containsSubsequence("Started", "Succeeded");
  }

  @Test
  void aListenerThatThrowsStopsNothing() {
    Jobs jobs =
        start(
            node()
                .listener(
                    event -> {
                      throw new AssertionError("a listener of the host");
                    })
                .handler(TYPE, (order, context) -> null, handled()));
    jobs.enqueue(TYPE, ORDER);
    awaitEvent(JobEvent.Succeeded.class);
  }

  @Test
  void aStoreKeepsTheEndOfAJob() {
    assumeTrue(can(Capability.RECORDS), "keeps no records");
    Jobs jobs = start(node().handler(TYPE, (order, context) -> order.amount(), handled()));
    JobId id = jobs.enqueue(TYPE, ORDER).id();
    awaitEvent(JobEvent.Succeeded.class);
    assertThat(jobs.find(id)).get().extracting(job -> job.state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void aSnoozedJobComesBackUnderTheSameAttempt() {
    var attempts = new ConcurrentLinkedQueue<Integer>();
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      attempts.add(context.attempt());
                      return attempts.size() == 1
                          ? JobOutcome.snooze(Duration.ofMillis(50))
                          : JobOutcome.done();
                    },
                    handled()));
    jobs.enqueue(TYPE, ORDER);
    awaitEvent(JobEvent.Succeeded.class);
    assertThat(attempts).containsExactly(1, 1);
  }

  @Test
  void aReleasedJobComesBackUnderTheSameAttempt() {
    var attempts = new ConcurrentLinkedQueue<Integer>();
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      attempts.add(context.attempt());
                      return attempts.size() == 1 ? JobOutcome.release() : JobOutcome.done();
                    },
                    handled()));
    jobs.enqueue(TYPE, ORDER);
    awaitEvent(JobEvent.Succeeded.class);
    assertThat(attempts).containsExactly(1, 1);
    assertThat(events(JobEvent.Released.class)).hasSize(1);
  }

  @Test
  void stopLetsRunningJobsFinish() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      started.countDown();
                      Eventually.pause(Duration.ofMillis(300));
                      return null;
                    },
                    handled()));
    jobs.enqueue(TYPE, ORDER);
    started.await();
    jobs.stop();
    assertThat(events(JobEvent.Succeeded.class)).hasSize(1);
    assertThat(events(JobEvent.Released.class)).isEmpty();
  }

  @Test
  void stopGivesBackWhatDoesNotFinishWithoutSpendingAnAttempt() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    Jobs hasty =
        start(
            node()
                .options(options().drainTimeout(Duration.ofMillis(50)).build())
                .handler(
                    TYPE,
                    (order, context) -> {
                      started.countDown();
                      new CountDownLatch(1).await();
                      return null;
                    },
                    handled()));
    hasty.enqueue(TYPE, ORDER);
    started.await();
    hasty.close();
    var attempts = new ConcurrentLinkedQueue<Integer>();
    start(node().handler(TYPE, (order, context) -> attempts.add(context.attempt()), handled()));
    awaitEvent(JobEvent.Succeeded.class);
    assertThat(attempts).containsExactly(1);
  }

  @Test
  void aJobReadsWhatTheJobsHaveLeftThatItWaitedFor() {
    assumeTrue(can(Capability.WAITING) && can(Capability.RECORDS), "nobody waits");
    JobType<String> sum = JobType.of("tck.sum", String.class);
    var seen = new ConcurrentLinkedQueue<Object>();
    Jobs jobs =
        start(
            node()
                .handler(TYPE, (order, context) -> order.amount() * 2, handled())
                .handler(
                    sum,
                    (text, context) -> {
                      seen.add(context.result("first", Integer.class).orElseThrow());
                      context.results(Integer.class).forEach(r -> seen.add(r.result().get()));
                      return "read";
                    },
                    handled()));
    Workflow workflow = Workflow.create();
    Workflow.Step first = workflow.add(TYPE.request(new Order("a", 1, List.of()))).named("first");
    Workflow.Step second = workflow.add(TYPE.request(new Order("b", 2, List.of())));
    workflow.add(sum.request("all")).after(first, second);
    JobId last = jobs.submit(workflow).get(2).id();
    Eventually.until(
        "the results are read",
        Eventually.PATIENCE,
        () -> jobs.result(last, String.class).isPresent(),
        () -> "events: " + events);
    assertThat(seen).containsExactly(2, 2, 4);
  }
}
