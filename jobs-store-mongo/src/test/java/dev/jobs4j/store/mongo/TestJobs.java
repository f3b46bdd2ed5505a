package dev.jobs4j.store.mongo;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.ReapRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Short words for the tests of this store alone. */
final class TestJobs {

  static final JobQueue QUEUE = JobQueue.of("mongo");
  static final String TYPE = "mongo.work";
  static final ReapRequest REAP = new ReapRequest(Duration.ofSeconds(1), 100, 3);
  static final Duration LEASE = Duration.ofMinutes(10);

  private TestJobs() {}

  static JobId id() {
    return new JobId(UUID.randomUUID());
  }

  static NewJob job(JobId id) {
    return NewJob.of(id, TYPE, QUEUE, new Payload("json", new byte[] {'1'}));
  }

  static NewJob childOf(JobId parent) {
    return job(id(), null, List.of(parent));
  }

  static NewJob keyed(String key, Duration window) {
    return job(id(), new UniqueKey(key, window), List.of());
  }

  private static NewJob job(JobId id, UniqueKey key, List<JobId> after) {
    return NewJob.builder(id, TYPE, QUEUE, new Payload("json", new byte[] {'1'}))
        .uniqueKey(key)
        .after(after)
        .build();
  }

  static EngineId engine(JobStore store) {
    EngineId id = new EngineId(UUID.randomUUID());
    store.register(new EngineInfo(id, "node", "0.1", LEASE, Map.of(), Map.of()));
    return id;
  }

  static ClaimRequest claim(EngineId engine) {
    return new ClaimRequest(engine, UUID.randomUUID(), QUEUE, Map.of(TYPE, 1), 10, true);
  }
}
