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

  @Nested
  class UniqueKeys extends UniqueKeyCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Replace extends ReplaceCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Expiry extends ExpiryCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Transactions extends TransactionCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Claim extends ClaimCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Pausing extends PauseCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Lines extends FifoCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class LinesMeet extends FifoMeetingCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Settle extends SettleCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Tokens extends TokenCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class TransitionMatrix extends TransitionMatrixCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class EngineLeases extends EngineLeaseCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Reap extends ReapCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Suspects extends SuspectCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Waiting extends WaitingCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Endings extends EndingCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class FollowUps extends FollowUpCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Limits extends LimitCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Rates extends RateCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class LimitRaces extends LimitRaceCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Turns extends TurnCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Burials extends BurialCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Records extends RecordsCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class DeadLetters extends DeadLetterCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Audits extends AuditCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Steps extends StepCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Reports extends ReportCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class ReportLives extends ReportLifeCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Schedules extends ScheduleCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Firings extends FiringCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Payloads extends PayloadCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Times extends TimeCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Prune extends PruneCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Retentions extends RetentionCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Archives extends ArchiveCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Races extends RaceCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class InsertRaces extends InsertRaceCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class Explain extends ExplainCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class ExplainNodes extends ExplainNodeCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }

  @Nested
  class ClaimRules extends ClaimRuleCases {
    @Override
    StoreFixture fixture() {
      return JobStoreContract.this.fixture();
    }
  }
}
