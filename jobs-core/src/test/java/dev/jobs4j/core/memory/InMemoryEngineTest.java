package dev.jobs4j.core.memory;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.tck.BackendConnector;
import dev.jobs4j.tck.BackendReport;
import dev.jobs4j.tck.EngineContract;
import dev.jobs4j.tck.EngineFixture;
import java.util.List;
import java.util.Set;

/** The engine on the store in memory. */
class InMemoryEngineTest extends EngineContract {

  private static final InMemoryJobStore STORE = InMemoryJobStore.create();

  @Override
  protected EngineFixture fixture() {
    return new Fixture();
  }

  private static final class Fixture implements EngineFixture, BackendConnector {
    @Override
    public String backend() {
      return "in memory";
    }

    @Override
    public String kind() {
      return BackendReport.IN_MEMORY;
    }

    @Override
    public Set<Capability> capabilities() {
      return STORE.capabilities();
    }

    @Override
    public BackendConnector connector() {
      return this;
    }

    @Override
    public void connect(JobsBuilder builder, Set<JobQueue> queues, List<String> arguments) {
      builder.store(STORE);
    }

    @Override
    public List<String> arguments() {
      return List.of();
    }

    @Override
    public List<DeadLetter> deadLetters(JobQueue queue) {
      return STORE.records().deadLetters(queue, null, 100);
    }

    @Override
    public void close() {}
  }
}
