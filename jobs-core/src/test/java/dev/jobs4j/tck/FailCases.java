package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobCancelledException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.DeadLetterHandling;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.spi.Capability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What goes wrong in a handler is one outcome, and nothing that gives up disappears. */
abstract class FailCases extends EngineCases {

  static final JobType<Order> TYPE = JobType.of("tck.order", Order.class);

  private HandlerOptions tried(int attempts) {
    return handled().retry(attempts(attempts));
  }

  private DeadLetter deadLetter() {
    Eventually.until("a dead letter", () -> !fixture().deadLetters(queue).isEmpty());
    List<DeadLetter> letters = fixture().deadLetters(queue);
    assertThat(letters).hasSize(1);
    return letters.get(0);
  }

  @Test
  void aFailedAttemptIsTriedAgainUnderTheNextNumber() {
    var attempts = new ConcurrentLinkedQueue<Integer>();
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      attempts.add(context.attempt());
                      if (context.attempt() < 3) {
                        throw new IllegalStateException("not yet");
                      }
                      return null;
                    },
                    tried(5)));
    JobId id = jobs.enqueue(TYPE, ORDER).id();
    assertThat(awaitEvent(JobEvent.Succeeded.class).job().id()).isEqualTo(id);
    assertThat(attempts).containsExactly(1, 2, 3);
  }

  @Test
  void aRetryWaitsForItsBackoff() {
    var starts = new ConcurrentLinkedQueue<Long>();
    RetryPolicy slow = RetryPolicy.of(2, Backoff.constant(Duration.ofMillis(700))).withJitter(0);
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      starts.add(System.nanoTime());
                      if (context.attempt() == 1) {
                        throw new IllegalStateException("once");
                      }
                      return null;
                    },
                    handled().retry(slow)));
    jobs.enqueue(TYPE, ORDER);
    awaitEvent(JobEvent.Succeeded.class);
    List<Long> times = List.copyOf(starts);
    assertThat(Duration.ofNanos(times.get(1) - times.get(0)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(690));
  }

  @Test
  void aJobThatFailsToTheEndIsADeadLetterWithAllThatIsNeeded() {
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      throw new IllegalArgumentException("bad address €");
                    },
                    tried(3)));
    JobId id = jobs.enqueue(TYPE, ORDER).id();
    DeadLetter letter = deadLetter();
    assertThat(letter.id()).isEqualTo(id);
    assertThat(letter.type()).isEqualTo("tck.order");
    assertThat(letter.queue()).isEqualTo(queue);
    assertThat(letter.reason()).isEqualTo(DeadReason.EXHAUSTED);
    assertThat(letter.attempt()).isEqualTo(3);
    assertThat(letter.failure().errorClass()).isEqualTo("java.lang.IllegalArgumentException");
    assertThat(letter.failure().message()).isEqualTo("bad address €");
    assertThat(new String(letter.payload(), StandardCharsets.UTF_8))
        .contains("Zoë Ünï 🚀")
        .contains("42");
    Eventually.until("told as dead", () -> events(JobEvent.Died.class).size() == 1);
  }

  @Test
  void anErrorNotWorthARetryIsDeadAtOnce() {
    RetryPolicy policy = attempts(5).withAbortOn(Set.of(IllegalArgumentException.class));
    AtomicInteger runs = new AtomicInteger();
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      runs.incrementAndGet();
                      throw new NumberFormatException("a subclass of it");
                    },
                    handled().retry(policy)));
    jobs.enqueue(TYPE, ORDER);
    assertThat(deadLetter().reason()).isEqualTo(DeadReason.NON_RETRYABLE);
    assertThat(runs).hasValue(1);
  }

  @Test
  void aRejectedJobIsDeadAtOnce() {
    Jobs jobs =
        start(node().handler(TYPE, (order, context) -> JobOutcome.reject("too old"), tried(5)));
    jobs.enqueue(TYPE, ORDER);
    DeadLetter letter = deadLetter();
    assertThat(letter.reason()).isEqualTo(DeadReason.REJECTED);
    assertThat(letter.failure().message()).isEqualTo("too old");
  }

  @Test
  void anUndecodablePayloadIsADeadLetterWithItsBytes() {
    AtomicBoolean ran = new AtomicBoolean();
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      ran.set(true);
                      return null;
                    },
                    tried(5)));
    jobs.enqueue(JobType.of("tck.order", String.class).onQueue(queue.name()), "not an order");
    DeadLetter letter = deadLetter();
    assertThat(letter.reason()).isEqualTo(DeadReason.DECODE);
    assertThat(letter.payload()).asString(StandardCharsets.UTF_8).isEqualTo("\"not an order\"");
    assertThat(ran).isFalse();
  }

  @Test
  void aJobMayAllowItselfFewerAttempts() {
    AtomicInteger runs = new AtomicInteger();
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      runs.incrementAndGet();
                      throw new IllegalStateException("always");
                    },
                    tried(10)));
    jobs.enqueue(TYPE.request(ORDER).maxAttempts(2));
    assertThat(deadLetter().reason()).isEqualTo(DeadReason.EXHAUSTED);
    assertThat(runs).hasValue(2);
  }

  @Test
  void noErrorOfAHandlerStopsTheEngine() {
    List<Throwable> errors =
        List.of(
            new OutOfMemoryError("simulated"),
            new StackOverflowError(),
            new NoClassDefFoundError("gone/Away"),
            new AssertionError("wrong"),
            new InterruptedException("of its own"));
    AtomicInteger next = new AtomicInteger();
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      int i = next.getAndIncrement();
                      if (i < errors.size()) {
                        if (errors.get(i) instanceof Error error) {
                          throw error;
                        }
                        throw (Exception) errors.get(i);
                      }
                      return null;
                    },
                    tried(1)));
    for (int i = 0; i <= errors.size(); i++) {
      jobs.enqueue(TYPE, ORDER);
    }
    awaitEvent(JobEvent.Succeeded.class);
    Eventually.until("all told", () -> events(JobEvent.Died.class).size() == errors.size());
    assertThat(jobs.health().isUp()).isTrue();
  }

  @Test
  void anInterruptLeftBehindDoesNotReachTheNextJob() {
    var flags = new ConcurrentLinkedQueue<Boolean>();
    Jobs jobs =
        start(
            node()
                .workers(WorkerOptions.of(1))
                .handler(
                    TYPE,
                    (order, context) -> {
                      flags.add(Thread.currentThread().isInterrupted());
                      Thread.currentThread().interrupt();
                      return null;
                    },
                    handled()));
    jobs.enqueue(TYPE, ORDER);
    jobs.enqueue(TYPE, ORDER);
    Eventually.until("both ended", () -> events(JobEvent.Succeeded.class).size() == 2);
    assertThat(flags).containsExactly(false, false);
  }

  @Test
  void anUnknownTypeIsLeftAlone() {
    Jobs jobs = start(node().handler(TYPE, (order, context) -> null, handled()));
    jobs.enqueue(JobType.of("tck.unknown", Order.class).onQueue(queue.name()), ORDER);
    jobs.enqueue(TYPE, ORDER);
    awaitEvent(JobEvent.Succeeded.class);
    assertThat(events(JobEvent.Died.class)).isEmpty();
    assertThat(fixture().deadLetters(queue)).isEmpty();
  }

  @Test
  void aRunningJobIsCancelledFromAnotherNode() throws InterruptedException {
    assumeTrue(can(Capability.CANCEL), "calls nothing off");
    CountDownLatch started = new CountDownLatch(1);
    Jobs jobs =
        start(
            node()
                .options(options().lease(LeaseOptions.of(Duration.ofSeconds(1))).build())
                .handler(
                    TYPE,
                    (order, context) -> {
                      started.countDown();
                      while (true) {
                        context.throwIfCancelled();
                        Thread.onSpinWait();
                      }
                    },
                    tried(5)));
    JobId id = jobs.enqueue(TYPE, ORDER).id();
    started.await();
    enqueueOnly().cancel(id);
    awaitEvent(JobEvent.Cancelled.class);
    assertThat(jobs.find(id)).get().extracting(job -> job.state()).isEqualTo(JobState.CANCELLED);
    assertThat(new JobCancelledException(id)).hasMessageContaining(id.toString());
  }

  @Test
  void whoCallsOffAWaitingJobTellsItsListeners() {
    assumeTrue(can(Capability.CANCEL), "calls nothing off");
    Jobs jobs = enqueueOnly();
    JobId id = jobs.enqueue(request()).id();

    assertThat(jobs.cancel(id)).isEqualTo(Cancellation.CANCELLED);
    assertThat(jobs.cancel(id)).isEqualTo(Cancellation.TOO_LATE);

    assertThat(events(JobEvent.Cancelled.class))
        .extracting(JobEvent.Cancelled::job)
        .containsExactly(new JobEvent.JobRef(id, TYPE.name(), queue, 0));
  }

  private JobRequest<Order> request() {
    return TYPE.request(ORDER).queue(queue.name());
  }

  @Test
  void aDeadLetterHandlerRunsOnceForItsLetter() {
    assumeTrue(can(Capability.FOLLOW_UP), "stores nothing with a dead letter");
    var seen = new ConcurrentLinkedQueue<String>();
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      throw new IOException("no route");
                    },
                    handled().retry(attempts(2)))
                .deadLetters(
                    DeadLetterHandling.ofType(
                        TYPE,
                        (order, letter, context) ->
                            seen.add(
                                letter.id() + " " + order + " " + letter.failure().message()))));
    JobId id = jobs.enqueue(TYPE, ORDER).id();
    awaitEvent(JobEvent.Succeeded.class);
    assertThat(seen).containsExactly(id + " " + ORDER + " no route");
  }
}
