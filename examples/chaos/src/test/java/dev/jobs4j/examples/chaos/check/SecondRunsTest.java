package dev.jobs4j.examples.chaos.check;

import static dev.jobs4j.api.JobState.SUCCEEDED;
import static dev.jobs4j.examples.chaos.check.Tale.ONE;
import static dev.jobs4j.examples.chaos.check.Tale.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.examples.chaos.ledger.What;
import dev.jobs4j.examples.chaos.nemesis.Fault;
import org.junit.jupiter.api.Test;

/** Promise 8: a second run needs a fault of its own worker, in its own time. */
class SecondRunsTest {

  private static final String JOB = "plain-1";

  private final Tale tale = new Tale();

  private Tale twice(Fault fault, String target, long lasting) {
    return tale.acknowledged(JOB)
        .started(ONE, JOB, 1)
        .after(3_000)
        .fault(fault, target, lasting)
        .after(3_000)
        .ran(TWO, JOB, 3)
        .ended(ONE, JOB, 1, What.LOST)
        .row(JOB, SUCCEEDED, 3);
  }

  @Test
  void aSecondRunWithoutAnyFaultIsBroken() {
    tale.acknowledged(JOB)
        .started(ONE, JOB, 1)
        .ran(TWO, JOB, 3)
        .ended(ONE, JOB, 1, What.LOST)
        .row(JOB, SUCCEEDED, 3);

    assertThat(tale.broken()).containsExactly(Promise.SECOND_RUNS_ARE_EXPLAINED);
  }

  @Test
  void aPartitionOfItsWorkerExplainsIt() {
    twice(Fault.HOLE_ANSWERS, "worker-1", 6_000);

    assertThat(tale.broken()).isEmpty();
    assertThat(tale.verdict().explained()).containsEntry(Fault.HOLE_ANSWERS, 1);
  }

  @Test
  void aFaultOfAnotherWorkerDoesNot() {
    twice(Fault.FREEZE, "worker-2", 10_000);

    assertThat(tale.broken()).containsExactly(Promise.SECOND_RUNS_ARE_EXPLAINED);
  }

  @Test
  void aKillOfAnotherLifeDoesNot() {
    twice(Fault.KILL, "worker-1.2", 10);

    assertThat(tale.broken()).containsExactly(Promise.SECOND_RUNS_ARE_EXPLAINED);
  }

  @Test
  void aCutConnectionCostsNoLease() {
    twice(Fault.CUT, "worker-1", 1);

    assertThat(tale.broken()).containsExactly(Promise.SECOND_RUNS_ARE_EXPLAINED);
  }

  @Test
  void anExhaustedPoolCostsNoLeaseByItself() {
    twice(Fault.POOL, "worker-1", 6_000);

    assertThat(tale.broken()).containsExactly(Promise.SECOND_RUNS_ARE_EXPLAINED);
  }

  @Test
  void anExhaustedPoolCostsTheLeaseWhenItsOwnConnectionBreaks() {
    tale.acknowledged(JOB)
        .started(ONE, JOB, 1)
        .fault(Fault.BACKENDS, Fault.ALL, 1)
        .fault(Fault.POOL, "worker-1", 6_000)
        .ran(TWO, JOB, 3)
        .ended(ONE, JOB, 1, What.LOST)
        .row(JOB, SUCCEEDED, 3);

    assertThat(tale.broken()).isEmpty();
  }

  @Test
  void aFaultThatWasOverLongBeforeTheStartDoesNot() {
    tale.fault(Fault.FREEZE, "worker-1", 10_000)
        .after(3_000)
        .acknowledged(JOB)
        .started(ONE, JOB, 1)
        .ran(TWO, JOB, 3)
        .ended(ONE, JOB, 1, What.LOST)
        .row(JOB, SUCCEEDED, 3);

    assertThat(tale.broken()).containsExactly(Promise.SECOND_RUNS_ARE_EXPLAINED);
  }

  @Test
  void aRetryIsNoSecondRun() {
    String flaky = "flaky-1";
    tale.acknowledged(flaky)
        .started(ONE, flaky, 1)
        .ended(ONE, flaky, 1, What.RETRIED)
        .ran(TWO, flaky, 2)
        .row(flaky, SUCCEEDED, 2);

    assertThat(tale.broken()).isEmpty();
  }
}
