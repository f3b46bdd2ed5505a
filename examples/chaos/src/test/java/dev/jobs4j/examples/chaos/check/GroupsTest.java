package dev.jobs4j.examples.chaos.check;

import static dev.jobs4j.api.JobState.SUCCEEDED;
import static dev.jobs4j.examples.chaos.check.Tale.ONE;
import static dev.jobs4j.examples.chaos.check.Tale.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.examples.chaos.ledger.What;
import dev.jobs4j.examples.chaos.nemesis.Fault;
import org.junit.jupiter.api.Test;

class GroupsTest {

  private final Tale tale = new Tale();

  private Tale two(String kind, String group) {
    return tale.acknowledged(kind + "-1", group)
        .acknowledged(kind + "-2", group)
        .row(kind + "-1", SUCCEEDED, 1)
        .row(kind + "-2", SUCCEEDED, 1);
  }

  @Test
  void aLineRunsInTheOrderOfItsEnqueues() {
    two("line", "a").ran(ONE, "line-1", 1).ran(TWO, "line-2", 1);

    assertThat(tale.broken()).isEmpty();
  }

  @Test
  void whoStartsBeforeTheOneBeforeHasEndedBreaksTheLine() {
    two("line", "a").started(ONE, "line-1", 1).ran(TWO, "line-2", 1);
    tale.ended(ONE, "line-1", 1, What.DONE_OK);

    assertThat(tale.broken()).containsExactly(Promise.LINES_KEEP_THEIR_ORDER);
  }

  @Test
  void oneLineDoesNotWaitForAnother() {
    tale.acknowledged("line-1", "a")
        .acknowledged("line-2", "b")
        .ran(TWO, "line-2", 1)
        .ran(ONE, "line-1", 1)
        .row("line-1", SUCCEEDED, 1)
        .row("line-2", SUCCEEDED, 1);

    assertThat(tale.broken()).isEmpty();
  }

  @Test
  void aKeyIsFreeOnlyAfterTheEndOfItsHolder() {
    two("unique", "k").started(ONE, "unique-1", 1).started(TWO, "unique-2", 1);
    tale.ended(ONE, "unique-1", 1, What.DONE_OK).ended(TWO, "unique-2", 1, What.DONE_OK);

    assertThat(tale.broken()).containsExactly(Promise.KEYS_HOLD);
  }

  private Tale threeAtOnce(Fault fault) {
    for (int i = 1; i <= 3; i++) {
      tale.acknowledged("limited-" + i, "k").row("limited-" + i, SUCCEEDED, i == 1 ? 3 : 1);
    }
    tale.started(ONE, "limited-1", 1).started(TWO, "limited-2", 1);
    tale.fault(fault, "worker-1", 10_000);
    tale.ran("worker-3.1", "limited-3", 1);
    tale.ended(TWO, "limited-2", 1, What.DONE_OK);
    return tale.ran("worker-3.1", "limited-1", 3).ended(ONE, "limited-1", 1, What.LOST);
  }

  @Test
  void aThirdLeaseOfTwoIsTooMany() {
    threeAtOnce(Fault.RESET);

    assertThat(tale.broken())
        .containsExactlyInAnyOrder(Promise.SECOND_RUNS_ARE_EXPLAINED, Promise.LIMITS_HOLD);
  }

  @Test
  void whoWasKilledHoldsNoPermitWhateverHappensLater() {
    for (int i = 1; i <= 3; i++) {
      tale.acknowledged("limited-" + i, "k").row("limited-" + i, SUCCEEDED, i == 1 ? 3 : 1);
    }
    tale.started(ONE, "limited-1", 1).fault(Fault.KILL, ONE, 500).after(8_000);
    tale.started(TWO, "limited-2", 1).started(TWO, "limited-3", 1);
    tale.ended(TWO, "limited-2", 1, What.DONE_OK).ended(TWO, "limited-3", 1, What.DONE_OK);
    tale.ran(TWO, "limited-1", 3).fault(Fault.READ_ONLY, Fault.ALL, 5_000);

    assertThat(tale.broken()).isEmpty();
  }

  @Test
  void whoLostItsLeaseHoldsNoPermit() {
    threeAtOnce(Fault.FREEZE);

    assertThat(tale.broken()).isEmpty();
  }
}
