package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.tck.BackendReport;
import dev.jobs4j.tck.StoreFixture;
import dev.jobs4j.tck.TestTransaction;
import java.time.Duration;
import java.time.Instant;

/** A store in memory whose clock stands still until it is moved. */
final class MemoryFixture implements StoreFixture {

  private volatile Instant now = Instant.parse("2026-03-01T12:00:00.123456Z");
  private volatile InMemoryJobStore store = newStore();

  private InMemoryJobStore newStore() {
    return InMemoryJobStore.of(() -> now);
  }

  InMemoryJobStore store() {
    return store;
  }

  @Override
  public String backend() {
    return "in memory";
  }

  @Override
  public String kind() {
    return BackendReport.IN_MEMORY;
  }

  /** Nodes share the one instance. */
  @Override
  public JobStore open() {
    return store;
  }

  @Override
  public void clear() {
    store = newStore();
  }

  @Override
  public void advance(Duration by) {
    now = now.plus(by);
  }

  @Override
  public TestTransaction begin() {
    InMemoryJobStore.Transaction transaction = store.begin();
    return new TestTransaction() {
      @Override
      public JobTransaction handle() {
        return transaction;
      }

      @Override
      public void commit() {
        transaction.commit();
      }

      @Override
      public void rollback() {
        transaction.rollback();
      }

      @Override
      public void close() {
        transaction.close();
      }
    };
  }

  @Override
  public void close() {}
}
