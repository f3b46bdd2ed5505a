package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.Durations;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class JobsBuilderTest {

  private static final JobType<String> TYPE = JobType.of("t", String.class);

  private static void refused(Runnable build, String message) {
    assertThatThrownBy(build::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatIsMissingIsNamed() {
    refused(() -> Jobs.builder().start(), "Neither store(..) nor transport(..)");
    refused(
        () -> Jobs.builder().store(InMemoryJobStore.create()).start(),
        "start() needs handlers(..) or handler(..)");
    refused(
        () -> Jobs.builder().handlers(new Object()),
        "java.lang.Object has no method annotated with @JobHandler or @DeadLetterHandler");
    refused(
        () -> Jobs.builder().store(InMemoryJobStore.create()).store(InMemoryJobStore.create()),
        "store is set twice");
  }

  @Test
  void wrongSettingsAreRefusedWhereTheyAreSaid() {
    refused(() -> WorkerOptions.of(0), "concurrency must be >= 1, was 0");
    refused(
        () -> EngineOptions.builder().pollInterval(Duration.ZERO).build(),
        "pollInterval must be more than 0");
    refused(() -> LeaseOptions.of(Duration.ofMillis(10)), "lease duration must be >= 1 s");
    refused(() -> Durations.parse("timeout", "soon"), "timeout must be a duration such as 500ms");
    assertThat(Durations.parse("timeout", "90s")).isEqualTo(Duration.ofSeconds(90));
    assertThat(Durations.parse("timeout", "PT1H")).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void virtualThreadsRunWhereJavaHasThemAndAreRefusedWhereNot() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    boolean[] virtual = new boolean[1];
    JobsBuilder builder =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .workers(WorkerOptions.of(2).onVirtualThreads())
            .handler(
                TYPE,
                (text, context) -> {
                  virtual[0] = !Thread.currentThread().getClass().equals(Thread.class);
                  ran.countDown();
                  return null;
                });
    if (Runtime.version().feature() < 21) {
      refused(builder::start, "virtualThreads needs Java 21 or later");
      return;
    }
    try (Jobs jobs = builder.start()) {
      jobs.enqueue(TYPE, "x");
      ran.await();
    }
    assertThat(virtual[0]).isTrue();
  }

  @Test
  void anIdleEngineHasSixThreadsAndNoneAfterItsStop() throws InterruptedException {
    Jobs jobs =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .handler(TYPE, (text, context) -> null)
            .start();
    assertThat(threads())
        .containsExactlyInAnyOrder(
            "jobs-lease-keeper-store",
            "jobs-maintenance-store",
            "jobs-poller-store",
            "jobs-pruner-store",
            "jobs-scheduler-store",
            "jobs-settler-store");
    assertThat(jobs.health().isUp()).isTrue();
    jobs.close();
    assertThat(threads()).isEmpty();
    assertThat(jobs.health().isUp()).isFalse();
    jobs.close();
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("jobs-") && !name.startsWith("jobs-worker-"))
        .collect(Collectors.toSet());
  }

  @Test
  void aShortRetryDoesNotWaitForThePoll() throws InterruptedException {
    CountDownLatch again = new CountDownLatch(2);
    try (Jobs jobs =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .options(EngineOptions.builder().pollInterval(Duration.ofMinutes(5)).build())
            .handler(
                TYPE,
                (text, context) -> {
                  again.countDown();
                  if (context.attempt() == 1) {
                    throw new IllegalStateException("once");
                  }
                  return null;
                },
                HandlerOptions.defaults()
                    .retry(RetryPolicy.of(2, Backoff.constant(Duration.ofMillis(200)))))
            .start()) {
      jobs.enqueue(TYPE, "x");
      assertThat(again.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aHandlerOnAnotherQueueThanItsTypeIsRefused() {
    refused(
        () ->
            Jobs.builder()
                .handler(TYPE.onQueue("mail"), (text, context) -> null, HandlerOptions.defaults()),
        "name the same in HandlerOptions.queue and JobType.onQueue");
  }

  @Test
  void enqueueOnlyRunsNothing() {
    InMemoryJobStore store = InMemoryJobStore.create();
    try (Jobs jobs = Jobs.builder().store(store).enqueueOnly()) {
      jobs.enqueue(TYPE, "x");
      assertThat(threads()).isEmpty();
      assertThat(jobs.deadLetters().list(DeadLetterFilter.all(), null, 10)).isEqualTo(List.of());
    }
  }

  @Test
  void anArchiveNeedsAStoreThatKeepsSomething() {
    InMemoryJobStore good = InMemoryJobStore.create();
    JobStore keepsNothing =
        (JobStore)
            Proxy.newProxyInstance(
                JobStore.class.getClassLoader(),
                new Class<?>[] {JobStore.class},
                (proxy, called, arguments) ->
                    called.getName().equals("capabilities")
                        ? Set.of()
                        : called.invoke(good, arguments));
    JobsBuilder builder =
        Jobs.builder()
            .store(keepsNothing)
            .handler(JobType.of("any", String.class), (text, context) -> JobOutcome.done())
            .archive(jobs -> {});
    assertThatThrownBy(builder::start)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("archive(..) is set, but ")
        .hasMessageContaining("keeps nothing to archive");
  }
}
