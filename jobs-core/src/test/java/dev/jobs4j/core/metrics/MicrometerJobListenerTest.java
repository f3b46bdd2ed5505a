package dev.jobs4j.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobType;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MicrometerJobListenerTest {

  private static final JobType<String> TYPE = JobType.of("t", String.class);

  @Test
  void jobsAreCountedAndTimedUnderBoundedTags() throws InterruptedException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    CountDownLatch ran = new CountDownLatch(2);
    try (Jobs jobs =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .meterRegistry(registry)
            .options(EngineOptions.defaults())
            .handler(
                TYPE,
                (text, context) -> {
                  ran.countDown();
                  if (text.equals("bad")) {
                    throw new IllegalStateException(text);
                  }
                  return null;
                },
                HandlerOptions.defaults().retry(RetryPolicy.never()))
            .start()) {
      jobs.enqueue(TYPE.request("good").tenant("acme"));
      jobs.enqueue(TYPE, "bad");
      ran.await();
    }
    assertThat(registry.get("jobs.process").tag("outcome", "succeeded").timer().count())
        .isEqualTo(1);
    assertThat(registry.get("jobs.process").tag("outcome", "dead").timer().count()).isEqualTo(1);
    assertThat(registry.get("jobs.enqueued").tag("type", "t").counter().count()).isEqualTo(2);
    Set<String> tags =
        registry.getMeters().stream()
            .flatMap(meter -> meter.getId().getTags().stream())
            .map(tag -> tag.getKey())
            .collect(Collectors.toSet());
    assertThat(tags).containsExactlyInAnyOrder("queue", "type", "outcome");
  }
}
