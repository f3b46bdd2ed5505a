package dev.jobs4j.simulation;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.internal.payload.BytesPayloadCodec;
import dev.jobs4j.core.internal.worker.HandMovedLoop;
import dev.jobs4j.core.json.JacksonPayloadCodec;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.PayloadCodec;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;

/** Starts processes, and starts them again. */
final class Nodes {

  static final JobType<byte[]> WORK = JobType.of("work", byte[].class).onQueue("main");
  static final JobType<byte[]> SIDE = JobType.of("side", byte[].class).onQueue("side");

  /** What nodes of the old version do not know. */
  static final JobType<byte[]> FRESH = JobType.of("fresh", byte[].class).onQueue("main");

  static final JobType<byte[]> WORK_2 = WORK.version(2);

  /** One for all: it takes long to make. */
  private static final PayloadCodec JSON = JacksonPayloadCodec.create();

  private static final MeterRegistry NO_METERS = new CompositeMeterRegistry();

  private final World world;
  private int lives;

  Nodes(World world) {
    this.world = world;
  }

  /** The process that asks for jobs and runs none. */
  Node front() {
    Node node = new Node(world, "front", 1, Map.of());
    node.has(builder(node).clock(node.clock()).enqueueOnly());
    return node;
  }

  /** Starts the replicas. */
  void startAll() {
    for (int i = 1; i <= world.swarm().nodes(); i++) {
      start("node-" + i, world.chance().odds(world.swarm().modern()));
    }
  }

  void startAgain(Node node) {
    Duration in = world.isCalm() ? Duration.ofMillis(200) : world.chance().millis(100, 6_000);
    boolean modern = isModern(node) || world.chance().odds(0.3);
    world.agenda().in(in, () -> start(node.name(), modern));
  }

  static boolean isModern(Node node) {
    return node.types().containsKey(FRESH.name());
  }

  void start(String name, boolean modern) {
    Map<String, Integer> types = new TreeMap<>();
    types.put(WORK.name(), modern ? 2 : 1);
    types.put(SIDE.name(), 1);
    if (modern) {
      types.put(FRESH.name(), 1);
    }
    Node node = new Node(world, name, ++lives, types);
    world.nodes().add(node);
    world.note(() -> node + " starts, modern: " + modern);
    node.run(
        world.atOneGo(),
        () -> {
          try {
            start(node, modern);
          } catch (RuntimeException | LinkageError e) { // its store is away
            world.note(() -> node + " could not start: " + e.getMessage());
            node.leave();
            world.restart(node);
          }
        });
  }

  private void start(Node node, boolean modern) {
    Script script = new Script(world, node);
    HandlerOptions options = options("main");
    ThreadFactory threads =
        task ->
            new Thread(task) {
              @Override
              public void start() {
                node.drive(HandMovedLoop.of(task));
              }
            };
    JobsBuilder builder =
        builder(node)
            .clock(node.clock())
            .threadFactory(threads)
            .workerExecutor(world.bug().executor(node, task -> script.soon(task)))
            .handler(modern ? WORK_2 : WORK, script, options)
            .handler(SIDE, script, options("side"))
            .queue("main", WorkerOptions.of(world.swarm().mainSlots()))
            .queue("side", WorkerOptions.of(world.swarm().sideSlots()))
            .limits(JobLimit.running(Load.LIMIT, Load.CAP))
            .listener(event -> told(node, event))
            .options(
                EngineOptions.builder()
                    .name(node.name())
                    .pollInterval(world.swarm().poll())
                    .drainTimeout(world.swarm().drain())
                    .interruptGrace(world.swarm().interruptGrace())
                    .lease(world.swarm().lease())
                    .build());
    if (modern) {
      builder.handler(FRESH, script, options);
    }
    Jobs jobs = builder.start();
    if (!node.isGone()) {
      node.has(jobs);
    }
  }

  private static HandlerOptions options(String queue) {
    return HandlerOptions.defaults()
        .queue(queue)
        .timeout(Script.TIMEOUT)
        .retry(
            RetryPolicy.of(Script.ATTEMPTS, Backoff.constant(Duration.ofMillis(600)))
                .withJitter(0.2));
  }

  private JobsBuilder builder(Node node) {
    JobStore store = new Wire(world, node).store(world.shared());
    return Jobs.builder()
        .store(world.bug().atNode(node, store, world))
        .codec(new BytesPayloadCodec())
        .codec(JSON)
        .meterRegistry(NO_METERS)
        .random(world.chance().fork())
        .ticker(node.ticker());
  }

  /** What an engine says has happened must have. */
  private void told(Node node, JobEvent event) {
    if (node.isGone()) {
      return;
    }
    if (event instanceof JobEvent.Succeeded done) {
      world
          .verdict()
          .check(
              Rule.S3,
              world.recorder().hasSettled(done.job().id(), JobState.SUCCEEDED),
              () -> node + " says " + event + ", and nothing of it was accepted");
    } else if (event instanceof JobEvent.SlotLeaked) {
      world.figures().count("leaked slots");
    } else if (event instanceof JobEvent.LeaseLost) {
      world.figures().count("lost leases");
    }
  }
}
