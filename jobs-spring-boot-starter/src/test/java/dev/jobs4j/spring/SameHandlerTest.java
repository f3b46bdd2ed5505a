package dev.jobs4j.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One handler class means the same with and without Spring. */
class SameHandlerTest {

  /** All that can be seen of a job's way and end. */
  private record Seen(List<String> said, List<String> jobs) {}

  private static Seen run(JobClient client, JobStore store, Greeter greeter) {
    List<JobRequest<?>> requests =
        List.of(
            Greeter.GREET.request(new Greeter.Greeting("ann", 0)),
            Greeter.GREET.request(new Greeter.Greeting("bob", 2)),
            Greeter.GREET.request(new Greeter.Greeting("eve", 3)),
            Greeter.REJECT.request("it"));
    List<String> jobs = new ArrayList<>();
    for (JobRequest<?> request : requests) { // one after the other, so that the order is one
      JobId id = client.enqueue(request).id();
      Starter.await(() -> client.find(id).filter(job -> job.finishedAt().isPresent()).isPresent());
      Job job = client.find(id).orElseThrow();
      jobs.add(
          String.join(
              " ",
              job.type(),
              job.queue().name(),
              job.state().name(),
              "attempt=" + job.attempt(),
              "dead=" + job.deadReason().map(Enum::name).orElse(""),
              "failure=" + job.lastFailure().map(f -> f.errorClass()).orElse(""),
              "result="
                  + store.records().result(id).map(p -> new String(p.bytes(), UTF_8)).orElse("")));
    }
    return new Seen(List.copyOf(greeter.said), jobs);
  }

  private static Seen withoutSpring() {
    Greeter greeter = new Greeter();
    InMemoryJobStore store = InMemoryJobStore.create();
    EngineOptions options = EngineOptions.builder().pollInterval(Duration.ofMillis(100)).build();
    try (Jobs jobs = Jobs.builder().store(store).handlers(greeter).options(options).start()) {
      return run(jobs, store, greeter);
    }
  }

  @Test
  void aHandlerDoesTheSameAsASpringBean() {
    Seen plain = withoutSpring();
    assertThat(plain.said())
        .containsExactly(
            "ann greetings 1",
            "bob greetings 1",
            "bob greetings 2",
            "bob greetings 3",
            "eve greetings 1",
            "eve greetings 2",
            "eve greetings 3",
            "reject it");
    assertThat(plain.jobs()).hasSize(4).last().asString().startsWith("reject default DEAD");

    Starter.inMemory()
        .withBean(Greeter.class)
        .run(
            context ->
                assertThat(
                        run(
                            context.getBean(JobClient.class),
                            context.getBean(JobStore.class),
                            context.getBean(Greeter.class)))
                    .isEqualTo(plain));
  }

  @Test
  void andTheSameInADatabase() {
    Seen plain = withoutSpring();
    Starter.inDatabase()
        .withBean(Greeter.class)
        .run(
            context ->
                assertThat(
                        run(
                            context.getBean(JobClient.class),
                            context.getBean(JobStore.class),
                            context.getBean(Greeter.class)))
                    .isEqualTo(plain));
  }
}
