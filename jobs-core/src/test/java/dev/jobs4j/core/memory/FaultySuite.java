package dev.jobs4j.core.memory;

import dev.jobs4j.spi.JobStore;
import dev.jobs4j.tck.JobStoreContract;
import dev.jobs4j.tck.StoreFixture;
import dev.jobs4j.tck.TestTransaction;
import java.time.Duration;

/**
 * The contract on a store that gets one promise wrong; run by {@link FaultsAreCaughtTest} alone.
 */
class FaultySuite extends JobStoreContract {

  /** By thread, so that several faults are tried at once; a case asks on its own thread alone. */
  private static final ThreadLocal<StoreFixture> FIXTURE = new ThreadLocal<>();

  /** What the suite runs on when this thread runs it. */
  static void use(Fault fault) {
    FIXTURE.set(new FaultyFixture(fault));
  }

  @Override
  protected StoreFixture fixture() {
    return FIXTURE.get();
  }

  /** No backend of anyone's. */
  @Override
  protected void reportBackend() {}

  /** The fixture of the good store, whose handles are broken; its races are short. */
  private record FaultyFixture(Fault fault, MemoryFixture good) implements StoreFixture {

    FaultyFixture(Fault fault) {
      this(fault, new MemoryFixture());
    }

    @Override
    public String backend() {
      return fault.name();
    }

    @Override
    public String kind() {
      return good.kind();
    }

    @Override
    public JobStore open() {
      return fault.breaks().apply(good.store());
    }

    @Override
    public void clear() {
      good.clear();
    }

    @Override
    public void advance(Duration by) {
      good.advance(by);
    }

    @Override
    public TestTransaction begin() {
      return good.begin();
    }

    @Override
    public int rounds() {
      return 2;
    }

    @Override
    public void close() {
      good.close();
    }
  }
}
