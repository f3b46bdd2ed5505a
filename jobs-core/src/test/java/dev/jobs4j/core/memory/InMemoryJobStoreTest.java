package dev.jobs4j.core.memory;

import dev.jobs4j.tck.JobStoreContract;
import dev.jobs4j.tck.StoreFixture;

/** The contract on the store in memory. */
class InMemoryJobStoreTest extends JobStoreContract {

  private static final MemoryFixture FIXTURE = new MemoryFixture();

  @Override
  protected StoreFixture fixture() {
    return FIXTURE;
  }
}
