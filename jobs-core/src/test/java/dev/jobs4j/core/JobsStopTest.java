package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How jobs end when their engine does, or when foreign code misbehaves on the way. */
class JobsStopTest {

  private static final JobType<String> TYPE = JobType.of("t", String.class);

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final Collection<JobEvent> events = new ConcurrentLinkedQueue<>();

  private JobsBuilder builder() {
    return Jobs.builder().store(store).listener(events::add);
  }

  private static EngineOptions drain(Duration duration) {
    return EngineOptions.builder()
        .pollInterval(Duration.ofMillis(50))
        .drainTimeout(duration)
        .interruptGrace(Duration.ofMillis(500))
        .build();
  }

  private JobState state(JobId id) {
    return store.records().find(id).orElseThrow().state();
  }

  @Test
  void manyEndingsDoNotShortenTheDrain() throws InterruptedException {
    int jobs = 600;
    CountDownLatch slow = new CountDownLatch(1);
    Jobs engine =
        builder()
            .options(drain(Duration.ofSeconds(4)))
            .workers(WorkerOptions.of(jobs + 1))
            .handler(
                TYPE,
                (text, context) -> {
                  if (text.equals("slow")) {
                    slow.countDown();
                    new CountDownLatch(1).await(1500, TimeUnit.MILLISECONDS);
                  } else {
                    new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
                  }
                  return null;
                })
            .start();
    JobId id = engine.enqueue(TYPE, "slow").id();
    slow.await();
    engine.enqueueAll(
        IntStream.range(0, jobs).<JobRequest<?>>mapToObj(i -> TYPE.request("quick")).toList());
    while (events.stream().filter(JobEvent.Started.class::isInstance).count() < 550) {
      Thread.onSpinWait();
    }
    engine.stop();
    assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
    long started = events.stream().filter(JobEvent.Started.class::isInstance).count();
    assertThat(events.stream().filter(JobEvent.Succeeded.class::isInstance).count())
        .as("whatever started has finished")
        .isEqualTo(started);
    assertThat(started).isGreaterThan(500);
  }

  @Test
  void anInterruptedStopLeavesNoThreadBehindAndGivesTheJobsBack() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    Jobs engine =
        builder()
            .options(drain(Duration.ofMinutes(5)))
            .handler(
                TYPE,
                (text, context) -> {
                  started.countDown();
                  new CountDownLatch(1).await();
                  return null;
                })
            .start();
    JobId id = engine.enqueue(TYPE, "x").id();
    started.await();
    Thread.currentThread().interrupt();
    engine.stop();
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    for (int i = 0; i < 500 && (state(id) != JobState.PENDING || !loops().isEmpty()); i++) {
      Thread.sleep(20);
    }
    assertThat(loops()).isEmpty();
    assertThat(state(id)).isEqualTo(JobState.PENDING);
  }

  private static List<String> loops() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("jobs-") && !name.startsWith("jobs-worker-"))
        .toList();
  }

  @Test
  void whoStopsSecondWaitsForTheFirst() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    Jobs engine =
        builder()
            .options(drain(Duration.ofSeconds(20)))
            .handler(
                TYPE,
                (text, context) -> {
                  started.countDown();
                  new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
                  return null;
                })
            .start();
    JobId id = engine.enqueue(TYPE, "x").id();
    started.await();
    Thread first = new Thread(engine::stop);
    first.start();
    while (engine.health().running()) {
      Thread.onSpinWait();
    }
    engine.stop();
    assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
    first.join();
  }

  @Test
  void aHandlerWhoseThreadComesTooLateNeverStarts() throws InterruptedException {
    ExecutorService one = Executors.newSingleThreadExecutor();
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    Jobs engine =
        builder()
            .options(drain(Duration.ofMillis(100)))
            .workers(WorkerOptions.of(2))
            .workerExecutor(one)
            .handler(
                TYPE,
                (text, context) -> {
                  runs.incrementAndGet();
                  boolean interrupted = true;
                  while (interrupted) {
                    try {
                      release.await();
                      interrupted = false;
                    } catch (InterruptedException e) {
                      interrupted = true; // it ignores its interruption
                    }
                  }
                  return null;
                })
            .start();
    List<JobId> ids =
        engine.enqueueAll(List.of(TYPE.request("a"), TYPE.request("b"))).stream()
            .map(Enqueued::id)
            .toList();
    while (ids.stream().anyMatch(id -> state(id) != JobState.RUNNING) || runs.get() == 0) {
      Thread.onSpinWait();
    }
    engine.stop();
    assertThat(ids).allSatisfy(id -> assertThat(state(id)).isEqualTo(JobState.PENDING));
    release.countDown();
    one.shutdown();
    assertThat(one.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(runs).as("the second never started").hasValue(1);
    assertThat(engine.health().leakedSlots()).isZero();
  }

  /** Its own message cannot be read. */
  private static final class Sly extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  @Test
  void noErrorIsTooSlyToBeSettled() throws InterruptedException {
    CountDownLatch died = new CountDownLatch(3);
    try (Jobs engine =
        builder()
            .listener(
                event -> {
                  if (event instanceof JobEvent.Died) {
                    died.countDown();
                  }
                })
            .handler(
                TYPE,
                (text, context) -> {
                  throw new Sly();
                },
                HandlerOptions.defaults().retry(RetryPolicy.never()))
            .handler(
                JobType.of("broken.backoff", String.class),
                (text, context) -> {
                  throw new IllegalStateException("plain");
                },
                HandlerOptions.defaults()
                    .retry(
                        RetryPolicy.of(
                            5,
                            attempt -> {
                              throw new AssertionError("a backoff of the host");
                            })))
            .handler(
                JobType.of("large.result", String.class),
                (text, context) -> "x".repeat(2_000_000),
                HandlerOptions.defaults())
            .start()) {
      engine.enqueue(TYPE, "x");
      engine.enqueue(JobType.of("broken.backoff", String.class), "x");
      JobId large = engine.enqueue(JobType.of("large.result", String.class), "x").id();
      assertThat(died.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(store.records().find(large).orElseThrow().deadReason())
          .contains(DeadReason.REJECTED);
    }
  }

  @Test
  void whoOnlyEnqueuesIsUpUntilItIsClosed() {
    Jobs jobs = Jobs.builder().store(InMemoryJobStore.create()).enqueueOnly();
    assertThat(jobs.health()).isEqualTo(new EngineHealth(true, List.of(), 0));

    jobs.stop(); // there is nothing to stop, and enqueueing goes on
    assertThat(jobs.health().isUp()).isTrue();

    jobs.close();
    assertThat(jobs.health().isUp()).isFalse();
  }
}
