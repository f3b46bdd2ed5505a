package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlowClaimTest {

  private static final JobQueue FIRST = JobQueue.of("first");
  private static final JobQueue SECOND = JobQueue.of("second");
  private static final Map<String, Integer> TYPES = Map.of("slow.claim", 1);

  private final AtomicLong nanos = new AtomicLong();
  private final InMemoryJobStore store = InMemoryJobStore.create();

  @Test
  void whatWasClaimedBeforeASlowClaimDoesNotStartUnderALostLease() throws InterruptedException {
    Ticker ticker = nanos::get;
    LeaseOptions options = LeaseOptions.of(Duration.ofSeconds(5));
    Map<JobQueue, WorkerOptions> queues = new LinkedHashMap<>();
    queues.put(FIRST, WorkerOptions.of(1));
    queues.put(SECOND, WorkerOptions.of(1));
    EngineLease lease =
        new EngineLease("node", "test", options, Map.of(), TYPES, ticker, UUID::randomUUID);
    EngineInfo engine = lease.introduce();
    store.register(engine);
    lease.renewed(engine.id(), ticker.nanos());
    StoreSource source =
        new StoreSource(slowOn(SECOND), lease, options, queues, TYPES, ticker, UUID::randomUUID);
    store.insert(
        List.of(
            NewJob.of(
                new JobId(UUID.randomUUID()),
                "slow.claim",
                FIRST,
                new Payload("bytes", new byte[0]))));

    assertThat(source.turn(new Demand(Map.of(FIRST, 1, SECOND, 1), true), Duration.ZERO)).isEmpty();
  }

  /** Claims of this queue take longer than the lease. */
  private JobStore slowOn(JobQueue queue) {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals("claim")
                  && ((ClaimRequest) arguments[0]).queue().equals(queue)) {
                nanos.addAndGet(Duration.ofSeconds(6).toNanos());
              }
              try {
                return called.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
