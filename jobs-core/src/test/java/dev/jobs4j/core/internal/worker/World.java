package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.core.internal.handler.Handlers;
import dev.jobs4j.core.internal.payload.Payloads;
import dev.jobs4j.core.json.JacksonPayloadCodec;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Engines and their store in one thread and in made-up time: nothing moves unless a test moves it,
 * and everything random comes from one seed.
 */
final class World {

  static final JobQueue QUEUE = JobQueue.of("world");
  static final String TYPE = "world.job";
  static final LeaseOptions LEASE = LeaseOptions.of(Duration.ofSeconds(30));

  /** Five attempts, a second apart. */
  static final RetryPolicy POLICY =
      RetryPolicy.of(5, Backoff.constant(Duration.ofSeconds(1))).withJitter(0);

  final Random random;
  final InMemoryJobStore store = InMemoryJobStore.of(this::now);
  final List<JobEvent> events = new ArrayList<>();

  /** What the nodes that are made from now on give old jobs to. */
  @Nullable JobArchive archive;

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long nanos = Long.MAX_VALUE - 5_000_000_000L; // so that the ticker wraps around

  World(long seed) {
    random = new Random(seed);
  }

  Instant now() {
    return now;
  }

  /** Moves the store's clock and every node's ticker. */
  void advance(Duration by) {
    now = now.plus(by);
    nanos += by.toNanos();
  }

  UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  JobId enqueue() {
    NewJob job =
        NewJob.of(
            new JobId(uuid()),
            TYPE,
            QUEUE,
            new Payload("json", "\"p\"".getBytes(StandardCharsets.UTF_8)));
    Enqueued enqueued = store.insert(List.of(job)).get(0);
    return enqueued.id();
  }

  Node node(JobExecutor<Object> handler) {
    return node(handler, UnaryOperator.identity());
  }

  Node node(JobExecutor<Object> handler, UnaryOperator<JobStore> seenAs) {
    return new Node(handler, POLICY, seenAs);
  }

  Node node(JobExecutor<Object> handler, RetryPolicy policy) {
    return new Node(handler, policy, UnaryOperator.identity());
  }

  /** One engine whose loops and handlers run when they are told to. */
  final class Node {
    final List<Runnable> handlers = new ArrayList<>();
    final Engine engine;
    private final Map<String, Loop> loops = new HashMap<>();
    private final List<EngineId> engineIds = new ArrayList<>();

    private Node(JobExecutor<Object> executor, RetryPolicy policy, UnaryOperator<JobStore> seenAs) {
      engine =
          new Engine(
              EngineOptions.builder().lease(LEASE).build(),
              new Handlers(
                  List.of(
                      new Handler(
                          TYPE,
                          1,
                          String.class,
                          executor,
                          HandlerOptions.defaults()
                              .queue(QUEUE.name())
                              .retry(policy)
                              .timeout(Duration.ofMinutes(1)),
                          "world"))),
              Payloads.of(JacksonPayloadCodec.create(), 1024 * 1024),
              new Listeners(List.of(events::add)),
              (done, requests) -> List.of(),
              new Engine.Surroundings(
                  Thread::new,
                  handlers::add,
                  () -> nanos,
                  random::nextDouble,
                  World.this::uuid,
                  archive));
      engine.add(
          "store", noting(seenAs.apply(store)), Map.of(QUEUE, WorkerOptions.of(3)), "node", "test");
      engine.loops().forEach(loop -> loops.put(loop.name(), loop));
    }

    /** The same store; notes under which ids this engine registers. */
    private JobStore noting(JobStore seen) {
      return (JobStore)
          Proxy.newProxyInstance(
              JobStore.class.getClassLoader(),
              new Class<?>[] {JobStore.class},
              (proxy, called, arguments) -> {
                if (called.getName().equals("register")) {
                  engineIds.add(((EngineInfo) arguments[0]).id());
                }
                try {
                  return called.invoke(seen, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    /** The ids of this engine's lives, the newest last. */
    List<EngineId> engineIds() {
      return engineIds;
    }

    /** Lets one loop take a step; it does not wait, whatever it would like. */
    void step(String loop) {
      step(loop, Duration.ZERO);
    }

    private void step(String loop, Duration patience) {
      try {
        loops.get(loop).takeStep(patience);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    void renew() {
      step("jobs-lease-keeper-store");
    }

    void poll() {
      poll(Duration.ZERO);
    }

    /** The one step that waits, in real time. */
    void poll(Duration patience) {
      step("jobs-poller-store", patience);
    }

    void settle() {
      step("jobs-settler-store");
    }

    void maintain() {
      step("jobs-maintenance-store");
    }

    void prune() {
      step("jobs-pruner-store");
    }

    void fire() {
      step("jobs-scheduler-store");
    }

    void watch() {
      step("jobs-watchdog");
    }

    List<String> loopNames() {
      return loops.keySet().stream().sorted().toList();
    }

    /** Runs the handler that was dispatched first. */
    void handle() {
      handlers.remove(0).run();
    }

    void handleAll() {
      while (!handlers.isEmpty()) {
        handle();
      }
    }
  }

  /** The events of one kind so far. */
  <E extends JobEvent> List<E> events(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** A handler that does nothing. */
  static Object nothing(Object payload, JobContext context) {
    return payload;
  }
}
