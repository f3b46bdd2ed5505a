package dev.jobs4j.tck;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/**
 * What an engine promises on every backend: a job that is enqueued runs, a failed attempt is tried
 * again, what gives up is a dead letter. Extend it, give it a fixture (kept in a static field), and
 * all cases run on that backend, store or transport.
 */
public abstract class EngineContract {

  /** The backend under test; the same one for every case. */
  protected abstract EngineFixture fixture();

  /** Notes which backend this suite has really run on. */
  @BeforeEach
  protected void reportBackend() {
    BackendReport.used(getClass(), fixture().backend(), fixture().kind());
  }

  @Nested
  class Run extends RunCases {
    @Override
    EngineFixture fixture() {
      return EngineContract.this.fixture();
    }
  }

  @Nested
  class Fail extends FailCases {
    @Override
    EngineFixture fixture() {
      return EngineContract.this.fixture();
    }
  }

  @Nested
  class Timeouts extends TimeoutRunCases {
    @Override
    EngineFixture fixture() {
      return EngineContract.this.fixture();
    }
  }

  @Nested
  class Refusals extends RefusalCases {
    @Override
    EngineFixture fixture() {
      return EngineContract.this.fixture();
    }
  }

  @Nested
  class Explaining extends ExplainRunCases {
    @Override
    EngineFixture fixture() {
      return EngineContract.this.fixture();
    }
  }

  @Nested
  class Pausing extends PauseRunCases {
    @Override
    EngineFixture fixture() {
      return EngineContract.this.fixture();
    }
  }

  @Nested
  class Limits extends LimitRunCases {
    @Override
    EngineFixture fixture() {
      return EngineContract.this.fixture();
    }
  }

  @Nested
  class Recurring extends RecurringRunCases {
    @Override
    EngineFixture fixture() {
      return EngineContract.this.fixture();
    }
  }
}
