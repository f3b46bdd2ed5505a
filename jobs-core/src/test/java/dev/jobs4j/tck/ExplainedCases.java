package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.Explanation;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Obstacle;
import dev.jobs4j.api.Obstacle.Kind;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.core.internal.client.Obstacles;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.NewJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the cases have in common that ask why a job is not running. */
abstract class ExplainedCases extends StoreCases {

  static final Duration DAY = Duration.ofDays(1);
  static final Operator ANN = new Operator("ann", "provider is down");

  final Explanation explain(JobId id) {
    return Obstacles.explain(records(), id).orElseThrow();
  }

  final List<Kind> kinds(JobId id) {
    return explain(id).obstacles().stream().map(Obstacle::kind).toList();
  }

  final Obstacle only(JobId id) {
    List<Obstacle> obstacles = explain(id).obstacles();
    assertThat(obstacles).hasSize(1);
    return obstacles.get(0);
  }

  final JobId insertOne(NewJobs job) {
    NewJob built = job.build();
    insert(built);
    return built.id();
  }

  final void pause(Pause.Target target) {
    assumeTrue(can(Capability.PAUSE), "pauses nothing");
    store.pauses().orElseThrow().pause(target, ANN);
  }

  final EngineId engine(String name, Map<JobQueue, Integer> queues, Map<String, Integer> types) {
    EngineId id = new EngineId(UUID.randomUUID());
    register(id, name, queues, types);
    return id;
  }
}
