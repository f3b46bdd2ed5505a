package dev.jobs4j.tck;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the engine-level cases have in common: a queue of their own, and nodes that end with them.
 */
abstract class EngineCases {

  /** A payload with text, a number and a list. */
  record Order(String customer, int amount, List<String> lines) {}

  static final Order ORDER = new Order("Zoë Ünï 🚀", 42, List.of("a", "b\"c", ""));

  final Collection<JobEvent> events = new ConcurrentLinkedQueue<>();
  private final List<Jobs> nodes = new ArrayList<>();
  JobQueue queue = JobQueue.DEFAULT;

  abstract EngineFixture fixture();

  @BeforeEach
  void newQueue() {
    queue = JobQueue.of("tck-" + UUID.randomUUID().toString().substring(0, 8));
    events.clear();
  }

  @AfterEach
  void stopNodes() {
    nodes.forEach(Jobs::close);
    nodes.clear();
  }

  final boolean can(Capability capability) {
    return fixture().capabilities().contains(capability);
  }

  /** A node to be: connected, quick to poll, with four slots. */
  final JobsBuilder node() {
    JobsBuilder builder =
        Jobs.builder()
            .options(options().build())
            .workers(WorkerOptions.of(4))
            .listener(events::add);
    fixture().connector().connect(builder, Set.of(queue), fixture().arguments());
    return builder;
  }

  static EngineOptions.Builder options() {
    return EngineOptions.builder()
        .name("tck")
        .pollInterval(Duration.ofMillis(100))
        .drainTimeout(Duration.ofSeconds(10))
        .interruptGrace(Duration.ofSeconds(1))
        .lease(
            LeaseOptions.of(Duration.ofSeconds(10))
                .withGrace(Duration.ofMillis(200))
                .withReapInterval(Duration.ofMillis(500)));
  }

  final Jobs start(JobsBuilder builder) {
    return kept(builder.start());
  }

  final Jobs enqueueOnly() {
    return kept(node().enqueueOnly());
  }

  private Jobs kept(Jobs jobs) {
    nodes.add(jobs);
    return jobs;
  }

  final HandlerOptions handled() {
    return HandlerOptions.defaults().queue(queue.name());
  }

  /** Tries again at once, so often. */
  static RetryPolicy attempts(int count) {
    return RetryPolicy.of(count, Backoff.constant(Duration.ZERO)).withJitter(0);
  }

  final <E extends JobEvent> List<E> events(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  final <E extends JobEvent> E awaitEvent(Class<E> type) {
    Eventually.until(
        type.getSimpleName(),
        Eventually.PATIENCE,
        () -> !events(type).isEmpty(),
        () -> "events: " + events);
    return events(type).get(0);
  }
}
