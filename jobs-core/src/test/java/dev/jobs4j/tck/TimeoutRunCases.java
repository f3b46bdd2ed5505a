package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobTimeoutException;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.WorkerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * An attempt that takes too long is interrupted, and whether it heeds that or not, it has an end.
 */
abstract class TimeoutRunCases extends EngineCases {

  private static final JobType<Order> TYPE = FailCases.TYPE;
  private static final String TIMEOUT = JobTimeoutException.class.getName();

  private HandlerOptions once() {
    return handled().retry(attempts(1)).timeout(Duration.ofMillis(200));
  }

  private DeadLetter deadLetter() {
    Eventually.until("a dead letter", () -> !fixture().deadLetters(queue).isEmpty());
    return fixture().deadLetters(queue).get(0);
  }

  @Test
  void anAttemptIsInterruptedAtItsTimeoutAndCountsAsFailed() {
    Jobs jobs =
        start(
            node()
                .handler(
                    TYPE,
                    (order, context) -> {
                      new CountDownLatch(1).await();
                      return null;
                    },
                    once()));
    jobs.enqueue(TYPE, ORDER);
    DeadLetter letter = deadLetter();
    assertThat(letter.reason()).isEqualTo(DeadReason.EXHAUSTED);
    assertThat(letter.failure().errorClass()).isEqualTo(TIMEOUT);
  }

  @Test
  void timeoutsOfOnePlaceAreOneCauseAndSayWhere() {
    Jobs jobs =
        start(
            node()
                .options(options().interruptGrace(Duration.ofMillis(100)).build())
                .handler(
                    TYPE,
                    (order, context) -> {
                      switch (order.customer()) {
                        case "sleeps" -> sleep();
                        case "sleeps on" -> sleepOn();
                        default -> listen();
                      }
                      return null;
                    },
                    once()));
    List<JobEvent.Died> died = new ArrayList<>();
    for (String how : List.of("sleeps", "sleeps", "sleeps on", "listens")) {
      JobId id = jobs.enqueue(TYPE, new Order(how, 1, List.of())).id();
      Eventually.until(how, () -> died(id).findAny().isPresent());
      died(id).forEach(died::add);
    }
    assertThat(died).extracting(event -> event.failure().errorClass()).containsOnly(TIMEOUT);
    assertThat(died.get(0).failure().stack())
        .contains("Caused by: java.lang.InterruptedException", "TimeoutRunCases.sleep(");
    assertThat(died.get(2).failure().stack()).contains("TimeoutRunCases.sleepOn(");
    assertThat(events(JobEvent.SlotLeaked.class))
        .singleElement()
        .satisfies(event -> assertThat(event.failure()).isEqualTo(died.get(2).failure()));
    List<String> causes = died.stream().map(event -> event.failure().fingerprint()).toList();
    assertThat(causes.get(1)).isEqualTo(causes.get(0));
    assertThat(Set.copyOf(causes)).hasSize(3);
  }

  private Stream<JobEvent.Died> died(JobId id) {
    return events(JobEvent.Died.class).stream().filter(event -> event.job().id().equals(id));
  }

  private static void sleep() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  /** Ignores its interruption for so long that it is given up. */
  private void sleepOn() {
    while (events(JobEvent.SlotLeaked.class).isEmpty()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void listen() throws InterruptedException {
    new Semaphore(0).acquire();
  }

  @Test
  void aHandlerThatIgnoresItsTimeoutCostsASlotAndNotTheJob() {
    CountDownLatch release = new CountDownLatch(1);
    Jobs jobs =
        start(
            node()
                .options(options().interruptGrace(Duration.ofMillis(200)).build())
                .workers(WorkerOptions.of(1))
                .handler(
                    TYPE,
                    (order, context) -> {
                      while (order.amount() == 0 && release.getCount() > 0) {
                        Thread.onSpinWait();
                      }
                      return null;
                    },
                    once()));
    jobs.enqueue(TYPE, new Order("hangs", 0, List.of()));
    awaitEvent(JobEvent.SlotLeaked.class);
    assertThat(deadLetter().failure().errorClass()).isEqualTo(TIMEOUT);
    assertThat(jobs.health().leakedSlots()).isEqualTo(1);
    jobs.enqueue(TYPE, ORDER);
    awaitEvent(JobEvent.Succeeded.class);
    release.countDown();
    Eventually.until("the slot is back", () -> jobs.health().leakedSlots() == 0);
  }
}
