package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.JobStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Running begins and ends with the application, and may pause; enqueueing goes on throughout. */
@ExtendWith(OutputCaptureExtension.class)
class LifecycleTest {

  private static final JobType<String> SLOW = JobType.of("slow", String.class);

  static class Slow {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch mayEnd = new CountDownLatch(1);
    final AtomicBoolean ended = new AtomicBoolean();

    @JobHandler(type = "slow")
    void work(String what) throws InterruptedException {
      begun.countDown();
      mayEnd.await();
      ended.set(true);
    }
  }

  private static JobId greet(JobClient client) {
    return client.enqueue(Greeter.GREET, new Greeter.Greeting("ann", 0)).id();
  }

  @Test
  void itStopsBeforeTheWebServerAndStartsAfterIt() {
    Starter.inMemory()
        .withBean(Greeter.class)
        .run(
            context ->
                assertThat(context.getBean(JobsLifecycle.class).getPhase())
                    .isEqualTo(Integer.MAX_VALUE - 100));
  }

  @Test
  void anArchiveThatIsABeanIsTaken() {
    Starter.inDatabase()
        .withPropertyValues("jobs.jdbc.history=delete")
        .withBean(Greeter.class)
        .withBean(JobArchive.class, () -> jobs -> {})
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("archive(..) is set, but JdbcJobStore"));
  }

  @Test
  void itStartsAndStopsManyTimesAndTheClientGoesOn() {
    Starter.inMemory()
        .withBean(Greeter.class)
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              JobsLifecycle lifecycle = context.getBean(JobsLifecycle.class);
              for (int round = 0; round < 5; round++) {
                assertThat(lifecycle.isRunning()).isTrue();
                Starter.awaitState(client, greet(client), JobState.SUCCEEDED);
                lifecycle.stop();
                lifecycle.stop();
                assertThat(lifecycle.isRunning()).isFalse();
                JobId waits = greet(client);
                assertThat(client.find(waits).orElseThrow().state()).isEqualTo(JobState.PENDING);
                lifecycle.start();
                lifecycle.start();
                Starter.awaitState(client, waits, JobState.SUCCEEDED);
              }
            });
  }

  @Test
  void theClientEnqueuesBeforeTheStart() {
    Starter.inMemory()
        .withBean(Greeter.class)
        .withBean(Eager.class)
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              JobId id = context.getBean(Eager.class).enqueued;
              Starter.awaitState(client, id, JobState.SUCCEEDED);
              assertThat(client.find(id).orElseThrow().queue().name()).isEqualTo("greetings");
            });
  }

  static class Eager {
    final JobId enqueued;

    Eager(JobClient client) {
      enqueued = greet(client);
    }
  }

  @Test
  void closingTheApplicationDrainsWhatRuns() {
    InMemoryJobStore store = InMemoryJobStore.create();
    Slow slow = new Slow();
    JobId[] id = new JobId[1];
    Starter.bare()
        .withBean(JobStore.class, () -> store)
        .withBean(Slow.class, () -> slow)
        .run(
            context -> {
              id[0] = context.getBean(JobClient.class).enqueue(SLOW, "x").id();
              assertThat(slow.begun.await(10, TimeUnit.SECONDS)).isTrue();
              Thread opener =
                  new Thread(
                      () -> {
                        Starter.pause(Duration.ofMillis(300));
                        slow.mayEnd.countDown();
                      });
              opener.start();
            });
    assertThat(slow.ended).isTrue();
    assertThat(store.records().find(id[0]).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void whatDoesNotEndInTimeIsGivenBackWithoutAnAttempt() {
    InMemoryJobStore store = InMemoryJobStore.create();
    Slow slow = new Slow();
    JobId[] id = new JobId[1];
    Starter.bare()
        .withPropertyValues("jobs.worker.drain-timeout=50ms")
        .withBean(JobStore.class, () -> store)
        .withBean(Slow.class, () -> slow)
        .run(
            context -> {
              id[0] = context.getBean(JobClient.class).enqueue(SLOW, "x").id();
              assertThat(slow.begun.await(10, TimeUnit.SECONDS)).isTrue();
            });
    assertThat(store.records().find(id[0]).orElseThrow())
        .satisfies(job -> assertThat(job.state()).isEqualTo(JobState.PENDING))
        .satisfies(job -> assertThat(job.attempt()).isZero());
  }

  @Test
  void aStopDoesNotHoldUpItsCaller() {
    Slow slow = new Slow();
    Starter.inMemory()
        .withBean(Slow.class, () -> slow)
        .run(
            context -> {
              context.getBean(JobClient.class).enqueue(SLOW, "x");
              assertThat(slow.begun.await(10, TimeUnit.SECONDS)).isTrue();
              CountDownLatch stopped = new CountDownLatch(1);
              context.getBean(JobsLifecycle.class).stop(stopped::countDown);
              assertThat(stopped.await(100, TimeUnit.MILLISECONDS)).as("drained").isFalse();
              slow.mayEnd.countDown();
              assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
              assertThat(slow.ended).isTrue();
            });
  }

  @Test
  void aStartDuringADrainWaitsForIt() {
    Slow slow = new Slow();
    Starter.inMemory()
        .withBean(Slow.class, () -> slow)
        .withBean(Greeter.class)
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              client.enqueue(SLOW, "x");
              assertThat(slow.begun.await(10, TimeUnit.SECONDS)).isTrue();
              JobsLifecycle lifecycle = context.getBean(JobsLifecycle.class);
              CountDownLatch stopped = new CountDownLatch(1);
              lifecycle.stop(stopped::countDown);
              Starter.await(() -> !lifecycle.isRunning());
              slow.mayEnd.countDown();
              lifecycle.start();
              assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
              assertThat(lifecycle.isRunning()).isTrue();
              Starter.awaitState(client, greet(client), JobState.SUCCEEDED);
            });
  }

  @Test
  void itStartsOnlyWhenAskedToIfSaidSo() {
    Starter.inMemory()
        .withBean(Greeter.class)
        .withPropertyValues("jobs.worker.auto-startup=false")
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              JobId id = greet(client);
              JobsLifecycle lifecycle = context.getBean(JobsLifecycle.class);
              assertThat(lifecycle.isRunning()).isFalse();
              lifecycle.start();
              Starter.awaitState(client, id, JobState.SUCCEEDED);
            });
  }

  @Test
  void lazyInitializationStillRunsJobs() {
    InMemoryJobStore store = InMemoryJobStore.create();
    Starter.bare()
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .withBean(JobStore.class, () -> store)
        .withBean(Greeter.class)
        .run(
            context -> {
              assertThat(context.getBeanFactory().containsSingleton("jobsLifecycle")).isTrue();
              JobClient client = context.getBean(JobClient.class);
              Starter.awaitState(client, greet(client), JobState.SUCCEEDED);
            });
  }

  static class Whereabouts {
    volatile String thread = "";

    @JobHandler(type = "slow")
    void work(String what) {
      thread = Thread.currentThread().toString();
    }
  }

  @Test
  void virtualThreadsAreUsedWhereBootIsToldToAndTheJvmHasThem() {
    Starter.inMemory()
        .withBean(Whereabouts.class)
        .withPropertyValues("spring.threads.virtual.enabled=true")
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              Starter.awaitState(client, client.enqueue(SLOW, "x").id(), JobState.SUCCEEDED);
              assertThat(context.getBean(Whereabouts.class).thread)
                  .startsWith(Runtime.version().feature() >= 21 ? "VirtualThread[" : "Thread[");
            });
  }

  @Test
  void aDrainLongerThanSpringWaitsIsWarnedOf(CapturedOutput output) {
    Starter.inMemory()
        .withBean(Greeter.class)
        .withPropertyValues(
            "jobs.worker.drain-timeout=9s", "spring.lifecycle.timeout-per-shutdown-phase=10s")
        .run(
            context ->
                assertThat(output)
                    .contains("jobs.worker.drain-timeout")
                    .contains("spring.lifecycle.timeout-per-shutdown-phase"));
  }
}
