package dev.jobs4j.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A limit is looked up once for many enqueues, and missed soon after its end. */
class KnownLimitsTest {

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final JobLimits limits = store.limits().orElseThrow();
  private long nanos = Long.MAX_VALUE - 1; // a ticker may overflow
  private final KnownLimits known = new KnownLimits(store, () -> nanos);

  @Test
  void oneThatAnotherNodeRemovedIsMissedAfterAWhile() {
    limits.define(JobLimit.running("x", 1));
    assertThat(known.contains("x")).isTrue();
    limits.remove("x");

    nanos += KnownLimits.AGE.toNanos() - 1;
    assertThat(known.contains("x")).as("not looked up each time").isTrue();
    nanos++;
    assertThat(known.contains("x")).isFalse();
  }

  @Test
  void oneThatWasRemovedHereIsMissedAtOnce() {
    limits.define(JobLimit.running("x", 1));
    assertThat(known.contains("x")).isTrue();
    limits.remove("x");

    known.forget();
    assertThat(known.contains("x")).isFalse();
  }

  @Test
  void aNewOneIsKnownAtOnce() {
    assertThat(known.contains("x")).isFalse();
    limits.define(JobLimit.running("x", 1));
    assertThat(known.contains("x")).isTrue();
  }

  /** The store, and something that happens while its limits are read. */
  private KnownLimits meanwhile(Runnable event) {
    JobLimits slow =
        proxy(
            JobLimits.class,
            (proxy, called, arguments) -> {
              Object answer = called.invoke(limits, arguments);
              event.run();
              return answer;
            });
    JobStore seen =
        proxy(
            JobStore.class,
            (proxy, called, arguments) ->
                called.getName().equals("limits")
                    ? Optional.of(slow)
                    : called.invoke(store, arguments));
    return new KnownLimits(seen, () -> nanos);
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** Each look needs a connection, and each caller may hold one already. */
  @Test
  void whileOneLooksTheOthersDoNot() {
    limits.define(JobLimit.running("x", 1));
    AtomicInteger looks = new AtomicInteger();
    KnownLimits[] shared = new KnownLimits[1];
    shared[0] =
        meanwhile(
            () -> {
              if (looks.incrementAndGet() == 2) {
                assertThat(shared[0].contains("x")).isTrue();
              }
            });
    assertThat(shared[0].contains("x")).isTrue();
    nanos += KnownLimits.AGE.toNanos();
    assertThat(shared[0].contains("x")).isTrue();

    assertThat(looks).hasValue(2);
  }

  @Test
  void whatWasReadBeforeARemovalIsNotKept() {
    limits.define(JobLimit.running("x", 1));
    KnownLimits[] shared = new KnownLimits[1];
    shared[0] =
        meanwhile(
            () -> {
              limits.remove("x");
              shared[0].forget();
            });
    shared[0].contains("x");

    assertThat(shared[0].contains("x")).isFalse();
  }
}
