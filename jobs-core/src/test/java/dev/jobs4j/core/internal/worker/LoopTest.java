package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {

  private static final Duration SHORT = Duration.ofMillis(1);

  @Test
  void noThrowableEndsALoop() throws InterruptedException {
    List<Throwable> errors =
        List.of(
            new IllegalStateException("a"),
            new OutOfMemoryError("simulated"),
            new StackOverflowError(),
            new NoClassDefFoundError("gone"),
            new ThreadDeath());
    AtomicInteger steps = new AtomicInteger();
    CountDownLatch survived = new CountDownLatch(1);
    Loop loop =
        new Loop(
            "test",
            patience -> {
              int step = steps.getAndIncrement();
              if (step < errors.size()) {
                sneak(errors.get(step));
              }
              survived.countDown();
              return Duration.ofSeconds(10);
            },
            () -> {},
            SHORT,
            SHORT);
    loop.start(Thread::new);
    assertThat(survived.await(10, TimeUnit.SECONDS)).isTrue();
    loop.stop();
    loop.join(Duration.ofSeconds(5));
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable error) throws E {
    throw (E) error;
  }

  @Test
  void theRestGrowsWithEachFailureAndIsBounded() throws InterruptedException {
    Loop loop =
        new Loop(
            "test",
            patience -> {
              throw new IllegalStateException("down");
            },
            () -> {},
            SHORT,
            Duration.ofMillis(500));
    assertThat(loop.takeStep(SHORT)).isEqualTo(Duration.ofMillis(100));
    assertThat(loop.takeStep(SHORT)).isEqualTo(Duration.ofMillis(200));
    assertThat(loop.takeStep(SHORT)).isEqualTo(Duration.ofMillis(400));
    assertThat(loop.takeStep(SHORT)).isEqualTo(Duration.ofMillis(500));
    assertThat(loop.failures()).isEqualTo(4);
    assertThat(loop.lastError()).hasMessage("down");
  }

  @Test
  void aSuccessClearsTheTrouble() throws InterruptedException {
    AtomicInteger steps = new AtomicInteger();
    Loop loop =
        new Loop(
            "test",
            patience -> {
              if (steps.getAndIncrement() == 0) {
                throw new IllegalStateException("once");
              }
              return Duration.ZERO;
            },
            () -> {},
            SHORT,
            SHORT);
    loop.takeStep(SHORT);
    loop.takeStep(SHORT);
    assertThat(loop.failures()).isZero();
    assertThat(loop.lastError()).isNull();
  }

  @Test
  void somebodyElsesInterruptIsNotItsEnd() throws InterruptedException {
    AtomicInteger steps = new AtomicInteger();
    CountDownLatch again = new CountDownLatch(2);
    Loop loop =
        new Loop(
            "test",
            patience -> {
              again.countDown();
              if (steps.getAndIncrement() == 0) {
                throw new InterruptedException();
              }
              return Duration.ofSeconds(10);
            },
            () -> {},
            SHORT,
            SHORT);
    loop.start(Thread::new);
    assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();
    loop.stop();
    loop.join(Duration.ofSeconds(5));
  }

  @Test
  void anInterruptWhileItRestsIsNotItsEndEither() throws InterruptedException {
    CountDownLatch again = new CountDownLatch(3);
    Loop loop =
        new Loop(
            "test",
            patience -> {
              again.countDown();
              Thread.currentThread().interrupt(); // as a driver does that sets it again
              return Duration.ofSeconds(10);
            },
            () -> {},
            SHORT,
            SHORT);
    loop.start(Thread::new);
    assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();
    loop.stop();
    loop.join(Duration.ofSeconds(5));
  }

  @Test
  void aStoppedLoopRunsItsExitOnItsOwnThread() throws InterruptedException {
    Thread[] exit = new Thread[1];
    Loop loop =
        new Loop(
            "jobs-test",
            patience -> Duration.ofMinutes(1),
            () -> exit[0] = Thread.currentThread(),
            SHORT,
            SHORT);
    loop.start(Thread::new);
    loop.stop();
    loop.join(Duration.ofSeconds(5));
    assertThat(exit[0]).isNotNull();
    assertThat(exit[0].getName()).isEqualTo("jobs-test");
    assertThat(exit[0].isDaemon()).isTrue();
  }
}
