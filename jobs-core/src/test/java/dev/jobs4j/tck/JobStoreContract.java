package dev.jobs4j.tck;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link dev.jobs4j.spi.JobStore} promises. Extend it, give it the fixture of a database
 * (kept in a static field, closed after all), and all cases run on that.
 */
public abstract class JobStoreContract {

  /** The database under test; the same one for every case. */
  protected abstract StoreFixture fixture();

  /** Notes which backend this suite has really run on. */
  @BeforeEach
  protected void reportBackend() {
    BackendReport.used(getClass(), fixture().backend(), fixture().kind());
  }

  @Nested
  class Insert extends InsertCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }
}
