package dev.jobs4j.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.core.memory.InMemoryJobStore;
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
}
