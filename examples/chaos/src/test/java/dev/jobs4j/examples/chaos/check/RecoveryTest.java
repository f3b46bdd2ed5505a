package dev.jobs4j.examples.chaos.check;

import static dev.jobs4j.api.JobState.SUCCEEDED;
import static dev.jobs4j.examples.chaos.check.Tale.ONE;
import static dev.jobs4j.examples.chaos.check.Tale.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.examples.chaos.ledger.What;
import dev.jobs4j.examples.chaos.nemesis.Fault;
import org.junit.jupiter.api.Test;

/** Promise 9: jobs of a killed worker start again in time. */
class RecoveryTest {

  private static final String JOB = "plain-1";

  private final Tale tale = new Tale();

  private Tale killedAndRecovered(long afterMillis) {
    return tale.acknowledged(JOB)
        .started(ONE, JOB, 1)
        .fault(Fault.KILL, ONE, 100)
        .after(afterMillis)
        .ran(TWO, JOB, 3)
        .row(JOB, SUCCEEDED, 3);
  }

  @Test
  void withinTheLeaseAndSevenSecondsItIsInTime() {
    killedAndRecovered(11_000);

    assertThat(tale.broken()).isEmpty();
    assertThat(tale.verdict().recovery()).contains("a worker well: 1, p50 11.1 s");
  }

  @Test
  void laterIsBroken() {
    killedAndRecovered(13_000);

    assertThat(tale.broken()).containsExactly(Promise.RECOVERY_IN_TIME);
  }

  @Test
  void whatWaitsInTheQueueOfTheDeadEnginesJobsIsCountedApart() {
    tale.acknowledged("slow-2")
        .started(ONE, "slow-2", 1)
        .acknowledged(JOB)
        .started(ONE, JOB, 1)
        .fault(Fault.KILL, ONE, 100)
        .after(9_000)
        .started(TWO, "slow-2", 3)
        .after(7_000)
        .ended(TWO, "slow-2", 3, What.DONE_OK)
        .row("slow-2", SUCCEEDED, 3)
        .ran(TWO, JOB, 3)
        .row(JOB, SUCCEEDED, 3);

    assertThat(tale.broken()).isEmpty();
    assertThat(tale.verdict().recovery())
        .contains("a worker well: 1, p50 9.1 s")
        .contains("behind them: 1, p50 16.1 s");
  }

  @Test
  void aJobThatWasLostBeforeItBeganIsInTheQueueToo() {
    tale.acknowledged("slow-2")
        .acknowledged(JOB)
        .started(ONE, JOB, 1)
        .fault(Fault.KILL, ONE, 100)
        .after(9_000)
        .started(TWO, "slow-2", 3)
        .after(7_000)
        .ended(TWO, "slow-2", 3, What.DONE_OK)
        .row("slow-2", SUCCEEDED, 3)
        .ran(TWO, JOB, 3)
        .row(JOB, SUCCEEDED, 3);

    assertThat(tale.broken()).isEmpty();
    assertThat(tale.verdict().recovery()).contains("behind them: 1, p50 16.1 s");
  }

  private Tale recoveredByOneThatComesBackLate() {
    return tale.fault(Fault.FREEZE, "worker-3", 5_000)
        .ran("worker-3.1", JOB, 3)
        .row(JOB, SUCCEEDED, 3);
  }

  @Test
  void whatWaitsForWorkersThatAllHaveSuchAJobIsCountedApart() {
    tale.acknowledged("slow-2")
        .started(ONE, "slow-2", 1)
        .acknowledged(JOB)
        .started(ONE, JOB, 1)
        .fault(Fault.KILL, ONE, 100)
        .after(9_000)
        .started(TWO, "slow-2", 3);
    recoveredByOneThatComesBackLate()
        .ended(TWO, "slow-2", 3, What.DONE_OK)
        .row("slow-2", SUCCEEDED, 3);

    assertThat(tale.broken()).isEmpty();
    assertThat(tale.verdict().recovery()).contains("behind them: 1, p50 14.1 s");
  }

  @Test
  void aSuspectThatDiedWithItsWorkerKeepsNobodyWaiting() {
    tale.acknowledged("slow-2")
        .started(ONE, "slow-2", 1)
        .fault(Fault.KILL, ONE, 100)
        .after(9_000)
        .started(TWO, "slow-2", 3)
        .fault(Fault.KILL, TWO, 100)
        .after(9_000)
        .ran("worker-3.1", "slow-2", 5)
        .row("slow-2", SUCCEEDED, 5)
        .after(30_000)
        .acknowledged(JOB)
        .started("worker-1.2", JOB, 1)
        .fault(Fault.KILL, "worker-1.2", 100)
        .after(13_000)
        .ran("worker-2.2", JOB, 3)
        .row(JOB, SUCCEEDED, 3);

    assertThat(tale.broken()).containsExactly(Promise.RECOVERY_IN_TIME);
  }

  @Test
  void whatNoWorkerTookThatHadNothingToRunIsLate() {
    tale.acknowledged("plain-2")
        .ran(TWO, "plain-2", 1)
        .row("plain-2", SUCCEEDED, 1)
        .acknowledged(JOB)
        .started(ONE, JOB, 1)
        .fault(Fault.KILL, ONE, 100)
        .after(9_000);
    recoveredByOneThatComesBackLate();

    assertThat(tale.broken()).containsExactly(Promise.RECOVERY_IN_TIME);
  }

  @Test
  void whatAnotherLostMeanwhileIsCountedApart() {
    tale.acknowledged(JOB)
        .started(ONE, JOB, 1)
        .fault(Fault.KILL, ONE, 100)
        .after(20_000)
        .ran(TWO, JOB, 5)
        .row(JOB, SUCCEEDED, 5);

    assertThat(tale.broken()).isEmpty();
    assertThat(tale.verdict().recovery()).contains("as well: 1,");
  }

  @Test
  void withoutAStoreItCannotBeInTime() {
    tale.acknowledged(JOB)
        .started(ONE, JOB, 1)
        .fault(Fault.KILL, ONE, 100)
        .fault(Fault.DATABASE_KILL, Fault.ALL, 3_000)
        .after(13_000)
        .ran(TWO, JOB, 3)
        .row(JOB, SUCCEEDED, 3);

    assertThat(tale.broken()).isEmpty();
    assertThat(tale.verdict().recovery()).contains("as well: 1,");
  }

  @Test
  void withoutAnotherWorkerThatIsWellItCannotBeInTime() {
    tale.acknowledged(JOB)
        .started(ONE, JOB, 1)
        .fault(Fault.KILL, ONE, 100)
        .fault(Fault.FREEZE, "worker-2", 13_000)
        .ran(TWO, JOB, 3)
        .row(JOB, SUCCEEDED, 3);

    assertThat(tale.broken()).isEmpty();
  }
}
